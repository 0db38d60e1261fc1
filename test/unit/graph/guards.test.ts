import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { Allow, Role } from '../../../src/graph/access.js';
import { buildGraph } from '../../../src/graph/schema.js';

// type-graphql keeps what decorators say for the whole process, so that each schema here must stand beside the others:
// the faults of all are found in each build. Hence one build, and a file of its own.

@ObjectType('Safe', { simpleResolvers: true, description: 'x' })
class Safe {
  @Field(() => String, { description: 'x' })
  open!: string;
  @Allow([Role.ADMIN])
  @Field(() => String, { simple: false, description: 'x' })
  guarded!: string;
}

@ObjectType('Leaky', { simpleResolvers: true, description: 'x' })
class Leaky {
  @Allow([Role.ADMIN])
  @Field(() => String, { description: 'x' })
  secret!: string;
}

@Resolver()
class Roots {
  @Allow([Role.ADMIN])
  @Query(() => Safe, { description: 'x' })
  safe(): Safe {
    return { open: '', guarded: '' };
  }
  @Allow([Role.ADMIN])
  @Query(() => Leaky, { description: 'x' })
  leaky(): Leaky {
    return { secret: '' };
  }
  @Query(() => String, { description: 'x' })
  forgotten(): string {
    return '';
  }
  @Allow([])
  @Query(() => String, { description: 'x' })
  nobody(): string {
    return '';
  }
}

test('refuses a schema whose guards would be lost, and names each of them', () => {
  expect(() => buildGraph([Roots], [])).toThrow(
    'the schema loses guards:\n' +
      'forgotten: a root field without a guard\n' +
      'nobody: a root field without a guard\n' +
      'Leaky.secret: its guard is dropped; it needs simple: false',
  );
});
