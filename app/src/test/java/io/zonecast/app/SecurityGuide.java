package io.zonecast.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/security.md} as tests see it: its settings files, each a code block after a comment
 * {@code file: NAME}, and its table of rights.
 */
final class SecurityGuide {
  private static final Path PAGE = Path.of("..", "docs", "security.md");

  /** Where the page's files lie. */
  private static final String PLACE = "/etc/zonecast/";

  private final String page;

  private SecurityGuide(String page) {
    this.page = page;
  }

  static SecurityGuide read() throws IOException {
    return new SecurityGuide(Files.readString(PAGE));
  }

  /** Writes a settings file of the page for servers of ours, into the directory of its keys. */
  Path write(String name, Path directory, String bootstrapServers) throws IOException {
    String settings =
        between("<!-- file: " + name + " -->\n```properties\n", "```")
            .replace(PLACE, directory + "/")
            .replaceAll("bootstrap-servers=.*", "bootstrap-servers=" + bootstrapServers);
    return Files.writeString(directory.resolve(name), settings);
  }

  /** The lines of the table of rights, without its head. */
  String rights() {
    return between("<!-- rights -->\n", "<!-- end of rights -->");
  }

  private String between(String start, String end) {
    Matcher found =
        Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
            .matcher(page);
    if (!found.find()) {
      throw new AssertionError(PAGE + " has no block after " + start);
    }
    return found.group(1);
  }
}
