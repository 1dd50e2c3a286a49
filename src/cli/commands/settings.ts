import { type Command, Option } from 'commander';
import { flagOf, SETTING_KEYS, settingOf } from '../../config/settings/table.ts';

/**
 * Gives a command every setting of a run as a flag. commander holds no defaults: a value that was not
 * given may come from a configuration (config/run-options.ts).
 */
export function addSettings(command: Command): Command {
  for (const key of SETTING_KEYS) {
    const setting = settingOf(key);
    const stands = setting.default ?? setting.shownDefault;
    const help = stands === undefined ? setting.help : `${setting.help} (default: ${stands})`;
    const written = [flagOf(key), setting.placeholder].filter((part) => part !== undefined);
    const option = new Option(written.join(' '), help).hideHelp(setting.hidden ?? false);
    if (setting.kind === 'headers') {
      option.argParser((value: string, before: string[] = []) => [...before, value]);
    }
    command.addOption(option);
  }
  return command;
}
