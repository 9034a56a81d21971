package io.zonecast.app;

import io.zonecast.app.settings.Spelling;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** One line for an argument that a command has no place for, with the word that may be meant. */
final class Misspelling {
  private Misspelling() {}

  /**
   * @param unmatched the argument and those after it
   * @param command that was given them
   */
  static String of(List<String> unmatched, CommandSpec command) {
    // What follows an option that is none may be a secret: only its name is repeated.
    String first = unmatched.get(0).replaceFirst("(?s)=.*", "");
    if (first.startsWith("-")) {
      return option(first, command);
    }
    if (command.subcommands().isEmpty()) {
      return "\"%s\": %s does not take so many arguments; leave it out, or put it in quotes if it"
              .formatted(first, command.qualifiedName())
          + " belongs to the one before";
    }
    Set<String> commands = new TreeSet<>(command.subcommands().keySet());
    return "\"%s\": there is no such command; ".formatted(first)
        + guess(first, commands, "use one of " + String.join(", ", commands));
  }

  private static String option(String name, CommandSpec command) {
    if (name.startsWith("--kafka.")) {
      return name
          + ": settings of Kafka's clients are no options; put them into the file of --config,"
          + " without --, where no process list shows them";
    }
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        names.add(option.longestName());
      }
    }
    return name
        + ": %s has no such option; ".formatted(command.qualifiedName())
        + guess(name, names, "leave it out");
  }

  private static String guess(String word, Set<String> known, String otherwise) {
    @Nullable String nearest = Spelling.nearest(word, known);
    return nearest == null ? otherwise : "did you mean " + nearest + "?";
  }
}
