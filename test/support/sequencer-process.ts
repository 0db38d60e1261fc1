// A hub process reduced to its sequencer: the test kills it while it leads.
import process from 'node:process';
import { Sequencer } from '../../src/events/sequencer.js';
import { recordedLog } from './recorded-log.js';

const url = process.argv[2];
if (!url) throw new Error('usage: sequencer-process <database url>');
const sequencer = new Sequencer(url, recordedLog());
sequencer.start();
process.on('message', () => process.send?.(sequencer.metrics));
