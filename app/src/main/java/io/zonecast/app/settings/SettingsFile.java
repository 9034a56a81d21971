package io.zonecast.app.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file behind {@code --config}: Java properties in UTF-8, whose keys are option names without
 * {@code --}, and {@code kafka.…} for the Kafka clients. Values may be secrets: no message of this
 * class repeats one.
 */
final class SettingsFile {
  private static final String KAFKA = "kafka.";

  private final String name;
  private final Map<String, String> values;
  private final List<String> problems;

  private SettingsFile(String name, Map<String, String> values, List<String> problems) {
    this.name = name;
    this.values = values;
    this.problems = List.copyOf(problems);
  }

  static SettingsFile none() {
    return new SettingsFile("", Map.of(), List.of());
  }

  /**
   * Reads {@code path}. What is wrong with it is kept for {@link #problems}: a command that needs
   * no settings, like {@code --help}, works all the same.
   *
   * @param options the options that a file may set
   * @param askedBy how the user named the file: the option or the environment's variable
   */
  static SettingsFile read(String path, Set<String> options, String askedBy) {
    Map<String, String> values = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
      Properties properties = new Properties();
      properties.load(reader);
      properties.forEach((key, value) -> values.put((String) key, ((String) value).strip()));
    } catch (NoSuchFileException e) {
      problems.add("%s %s: there is no such file; check the path".formatted(askedBy, path));
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "%s %s: cannot be read as Java properties in UTF-8 (%s); mend the file"
              .formatted(askedBy, path, e.getMessage()));
    }
    for (String key : values.keySet()) {
      if (!options.contains(key) && !isKafkas(key)) {
        problems.add(unknown(path, key, options));
      }
    }
    return new SettingsFile(path, values, problems);
  }

  private static boolean isKafkas(String key) {
    return key.startsWith(KAFKA) && key.length() > KAFKA.length();
  }

  private static String unknown(String path, String key, Set<String> options) {
    String meant = key.startsWith("--") ? key.substring(2) : Spelling.nearest(key, options);
    String remedy =
        meant != null && options.contains(meant)
            ? "did you mean \"" + meant + "\"?"
            : "use an option's name without --, or kafka.… for a setting of the Kafka clients";
    return "%s: unknown key \"%s\"; %s".formatted(path, key, remedy);
  }

  String name() {
    return name;
  }

  List<String> problems() {
    return problems;
  }

  @Nullable String value(String option) {
    String value = values.get(option);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The keys below {@code kafka.}, without it. */
  Map<String, String> kafka() {
    Map<String, String> below = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (isKafkas(key)) {
            below.put(key.substring(KAFKA.length()), value);
          }
        });
    return below;
  }
}
