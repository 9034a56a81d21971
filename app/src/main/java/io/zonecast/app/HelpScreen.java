package io.zonecast.app;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a command's {@code --help} shows: one screen, and nothing that does nothing. */
final class HelpScreen {
  /**
   * Options that every command takes, so that one script can call them all alike, and that do
   * nothing for some.
   */
  private static final Map<String, Set<String>> IDLE =
      Map.ofEntries(
          entry("plan", Set.of("--memcached")),
          entry("publish", Set.of("--memcached")),
          entry("history", Set.of("--memcached", "--schema-registry-url")),
          entry("undo", Set.of("--memcached")),
          entry("export", Set.of("--memcached")),
          entry("delete", Set.of("--memcached")),
          entry("lag", Set.of("--schema-registry-url")),
          entry("stream", Set.of("--memcached")),
          entry("get", Set.of("--bootstrap-servers")),
          entry("schemas", Set.of("--bootstrap-servers", "--memcached")));

  private HelpScreen() {}

  /** Options in the order of use, without the idle ones; the synopsis without repeating them. */
  static void tidy(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.usageMessage()
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .optionListHeading("\nOptions:\n");
    for (String name : IDLE.getOrDefault(spec.name(), Set.of())) {
      OptionSpec shown = spec.findOption(name);
      spec.remove(shown);
      spec.addOption(OptionSpec.builder(shown).hidden(true).build());
    }
    command.getSubcommands().values().forEach(HelpScreen::tidy);
  }
}
