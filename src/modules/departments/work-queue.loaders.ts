import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import type { Department } from '../orders/index.js';
import { selectTasks } from './work-item.queries.js';
import { WorkItemKind, WorkItemType, type WorkRow } from './work-item.type.js';
import {
  selectWorkAbout,
  selectWorkByIds,
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

/** TASKs whether they are done or not, other work as long as it stands. */
export const workById = new Map(
  Object.values(WorkItemKind).map((kind) => {
    const loader = defineLoader<string, WorkItemType | null>(`workById.${kind}`, async (ids, { db }) => {
      const isTask = kind === WorkItemKind.TASK;
      const rows = await db.read<WorkRow & { department: Department }>(
        isTask ? selectTasks(ids) : selectWorkByIds(kind, ids),
      );
      const items = rows.map(({ department, ...row }) => new WorkItemType(row, department));
      return inOrderOf(ids, items, ({ row }) => row.id);
    });
    return [kind, loader] as const;
  }),
);
export const tasksById = workById.get(WorkItemKind.TASK)!;
