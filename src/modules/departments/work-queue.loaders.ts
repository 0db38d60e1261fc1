import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import type { Department } from '../orders/index.js';
import { selectTasks } from './work-item.queries.js';
import { WorkItemKind, WorkItemType } from './work-item.type.js';
import {
  selectWorkAbout,
  selectWorkCounts,
  type AboutKind,
  type Wanted,
  type WorkCountRow,
} from './work-queue.queries.js';

/** Read once, whoever asks for them: the counts of a queue and the total of its page. */
export const workCounts = defineLoader<Omit<Wanted, 'kinds'>, WorkCountRow[]>(
  'workCounts',
  (asked, { db }) => Promise.all(asked.map((wanted) => db.read(selectWorkCounts(wanted)))),
  ({ department, assigneeId }) => `${department} ${assigneeId}`,
);

export interface About {
  department: Department;
  about: AboutKind;
  id: string;
}

/** What of a record stands in a department's queue now. */
export const workAbout = defineLoader<About, WorkItemType[]>(
  'workAbout',
  async (asked, { db }) => {
    const groups = Map.groupBy(asked, ({ department, about }) => `${department} ${about}`);
    const found = new Map<About, WorkItemType[]>();
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const { department, about } = group[0]!;
        const ids = group.map(({ id }) => id);
        const lists = listsOf(ids, await db.read(selectWorkAbout(department, about, ids)), (row) => row.about_id);
        for (const [index, one] of group.entries())
          found.set(
            one,
            lists[index]!.map((row) => new WorkItemType(row, department)),
          );
      }),
    );
    return asked.map((one) => found.get(one)!);
  },
  ({ department, about, id }) => `${department} ${about} ${id}`,
);

export const tasksById = defineLoader<string, WorkItemType | null>('tasksById', async (ids, { db }) => {
  const tasks = (await db.read(selectTasks(ids))).map(
    ({ department, ...row }) => new WorkItemType({ ...row, kind: WorkItemKind.TASK }, department),
  );
  return inOrderOf(ids, tasks, ({ row }) => row.id);
});
