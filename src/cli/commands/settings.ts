import { type Command, Option } from 'commander';
import { flagOf, SETTING_KEYS, type SettingKey, settingOf } from '../../config/settings/table.ts';

/** What another command than `run` says of the settings in its help. */
interface Differences {
  defaults?: Partial<Record<SettingKey, string>>;
  /** They are flags all the same: the command says itself what stands in their place. */
  hidden?: readonly SettingKey[];
}

/**
 * Gives a command every setting of a run as a flag. commander holds no defaults: a value that was not
 * given may come from a configuration (config/run-options.ts).
 */
export function addSettings(
  command: Command,
  { defaults = {}, hidden = [] }: Differences = {},
): Command {
  for (const key of SETTING_KEYS) {
    const setting = settingOf(key);
    const stands = defaults[key] ?? setting.default ?? setting.shownDefault;
    const help = stands === undefined ? setting.help : `${setting.help} (default: ${stands})`;
    const written = [flagOf(key), setting.placeholder].filter((part) => part !== undefined);
    const option = new Option(written.join(' '), help).hideHelp(
      setting.hidden ?? hidden.includes(key),
    );
    if (setting.kind === 'headers') {
      option.argParser((value: string, before: string[] = []) => [...before, value]);
    }
    command.addOption(option);
  }
  return command;
}
