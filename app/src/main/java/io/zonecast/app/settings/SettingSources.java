package io.zonecast.app.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The value of an option that the command line leaves out: from the environment ({@code
 * --bootstrap-servers} is {@code ZONECAST_BOOTSTRAP_SERVERS}), else from the settings file.
 *
 * <p>picocli's own providers cannot do this: its {@code PropertiesDefaultProvider} wins over a
 * default that names the environment. Options without a value ({@code --json}, {@code --yes}) are
 * the command line's alone: none of them should be on because of a variable set long ago.
 */
public final class SettingSources implements IDefaultValueProvider {
  private static final String CONFIG = "config";

  /** What is said of one run, and should never come from a variable set long ago. */
  private static final Set<String> OF_ONE_RUN = Set.of("note", "allow-word", "out", "approved");

  private final Map<String, String> environment;
  private SettingsFile file = SettingsFile.none();

  public SettingSources(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads the settings file that {@code arguments} or the environment name, if any. To be called
   * before {@code command} parses: picocli asks for defaults before it looks at the arguments.
   */
  public void load(CommandLine command, List<String> arguments) {
    String given = fromArguments(arguments);
    String path = given == null ? fromEnvironment(CONFIG) : given;
    if (path != null) {
      String askedBy = given == null ? environmentName(CONFIG) : "--" + CONFIG;
      file = SettingsFile.read(path, settable(command), askedBy);
    }
  }

  /** Whether there is a settings file to be read, which may name the options of any command. */
  public boolean hasFile(List<String> arguments) {
    return fromArguments(arguments) != null || fromEnvironment(CONFIG) != null;
  }

  private static @Nullable String fromArguments(List<String> arguments) {
    String option = "--" + CONFIG;
    String path = null;
    for (int i = 0; i < arguments.size() && !arguments.get(i).equals("--"); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith(option + "=")) {
        path = argument.substring(option.length() + 1);
      } else if (argument.equals(option) && i + 1 < arguments.size()) {
        path = arguments.get(i + 1);
      }
    }
    return path;
  }

  /** The options, of any command, that the environment and the file may set: those with a value. */
  private static Set<String> settable(CommandLine command) {
    Set<String> names = new TreeSet<>();
    collect(command.getCommandSpec(), names);
    names.remove(CONFIG);
    names.removeAll(OF_ONE_RUN);
    return names;
  }

  private static void collect(CommandSpec command, Set<String> into) {
    for (OptionSpec option : command.options()) {
      if (takesValue(option)) {
        into.add(name(option));
      }
    }
    command.subcommands().values().forEach(sub -> collect(sub.getCommandSpec(), into));
  }

  private static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  static String environmentName(String option) {
    return "ZONECAST_" + option.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** An empty variable is one that is not set: compose files pass such on. */
  private @Nullable String fromEnvironment(String option) {
    String value = environment.get(environmentName(option));
    return value == null || value.isBlank() ? null : value.strip();
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option
        && takesValue(option)
        && !OF_ONE_RUN.contains(name(option))) {
      String name = name(option);
      String value = fromEnvironment(name);
      String given = value != null || name.equals(CONFIG) ? value : file.value(name);
      // A value's ${…} is a reference of Kafka's; picocli would put "null" in its place.
      return given == null ? null : given.replace("${", "$${");
    }
    return null;
  }

  List<String> problems() {
    return file.problems();
  }

  /** Where the settings file is, for messages; empty if there is none. */
  String fileName() {
    return file.name();
  }

  /** The settings for Kafka's clients, without {@code kafka.}. */
  Map<String, String> kafka() {
    return file.kafka();
  }
}
