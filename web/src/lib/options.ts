import type { Option } from './api';

/** What the options of an index are called in the app, and what they cost. */
export const options: Record<Option, { name: string; verb: string; explanation: string }> = {
  visual: {
    name: 'Pictures and sounds', verb: 'Seen', explanation: 'Finds things, places, actions and scenes by what is seen, and sounds.',
  },
  conversation: {
    name: 'Speech', verb: 'Said', explanation: 'Writes down what is said, with times. Videos of this index need a sound track.',
  },
  text_in_video: { name: 'Text on screen', verb: 'Written', explanation: 'Reads signs, captions and slides.' },
  logo: { name: 'Logos', verb: 'Logo', explanation: 'Recognizes brands by name and by the pictures in your logo gallery.' },
};

export const optionName = (id: string) => id in options ? options[id as Option].name : id;
export const optionVerb = (id: string) => id in options ? options[id as Option].verb : id;
