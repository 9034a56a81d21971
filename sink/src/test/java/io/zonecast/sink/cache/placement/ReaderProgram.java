package io.zonecast.sink.cache.placement;

import io.zonecast.sink.cache.NodeAddress;
import io.zonecast.sink.cache.placement.ReadingGuide.Reader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.spy.memcached.MemcachedClient;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;

/**
 * Runs a program of the reading guide in its own language, over given nodes: it is handed keys as
 * lines of {@code carrier origin destination}, and says for each what its client gave it.
 */
final class ReaderProgram {
  private static final Pattern NOT_INSTALLED =
      Pattern.compile(
          "No module named .*|Class \"Memcached\" not found|cannot load such file.*"
              + "|Cannot run program.*");

  private final Reader reader;
  private final Path directory;
  private final List<String> command;

  ReaderProgram(Reader reader, List<NodeAddress> nodes, Path directory) throws IOException {
    this.reader = reader;
    this.directory = directory;
    this.command = command(withNodes(reader, nodes));
  }

  /**
   * Answers one line for each key.
   *
   * @throws TestAbortedException if the client, or its language, is not installed here
   */
  List<String> read(List<String> keys) throws IOException, InterruptedException {
    Path asked = Files.write(directory.resolve("asked"), keys);
    Path said = directory.resolve("said");
    Path complained = directory.resolve("complained");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(asked.toFile())
              .redirectOutput(said.toFile())
              .redirectError(complained.toFile())
              .start();
    } catch (IOException e) {
      throw skipped(String.valueOf(e.getMessage()));
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(reader + " took over 60 s");
    }
    String complaint = Files.readString(complained);
    if (process.exitValue() != 0) {
      var missing = NOT_INSTALLED.matcher(complaint + Files.readString(said));
      if (missing.find()) {
        throw skipped(missing.group());
      }
      throw new IOException(
          "%s ended with %d:\n%s".formatted(reader, process.exitValue(), complaint));
    }
    return Files.readAllLines(said);
  }

  private TestAbortedException skipped(String why) {
    return new TestAbortedException(reader + " is not installed: " + why);
  }

  /** Puts real nodes where the guide says cache1 to cache3, on memcached's own port. */
  private static String withNodes(Reader reader, List<NodeAddress> nodes) {
    String text = reader.settings();
    String code = reader.code();
    for (int i = 0; i < 3; i++) {
      NodeAddress node = nodes.get(Math.min(i, nodes.size() - 1));
      String name = "cache" + (i + 1);
      String pair = "([\"'])" + name + "[\"'], 11211";
      String pairOfNode = "$1" + node.host() + "$1, " + node.port();
      text = text.replace(name + ":11211", node.toString()).replaceAll(pair, pairOfNode);
      code = code.replace(name + ":11211", node.toString()).replaceAll(pair, pairOfNode);
    }
    return switch (reader.language()) {
      case "python" -> python(text, code);
      case "php" -> php(code);
      case "ruby" -> ruby(code);
      case "java" -> java(code);
      default -> throw new IllegalArgumentException("no way to run " + reader.language());
    };
  }

  private static String python(String settings, String code) {
    String configure =
        settings.isEmpty()
            ? ""
            : "from django.conf import settings\nsettings.configure(CACHES=CACHES)\n";
    return settings
        + configure
        + code
        + """

        import sys
        for line in sys.stdin:
            try:
                pair = line.split()
                print(repr((zone_of_zip if len(pair[2]) == 5 else zone)(*pair)))
            except Exception:
                print("exception")
        """;
  }

  private static String php(String code) {
    return "<?php\n"
        + code
        + """

        while ($line = fgets(STDIN)) {
            $pair = explode(' ', trim($line));
            $found = strlen($pair[2]) == 5 ? zoneOfZip(...$pair) : zone(...$pair);
            echo var_export($found, true), "\\n";
        }
        """;
  }

  private static String ruby(String code) {
    return code
        + """

        STDIN.each_line do |line|
          begin
            pair = line.split
            puts (pair[2].length == 5 ? zone_of_zip(*pair) : zone(*pair)).inspect
          rescue StandardError
            puts "exception"
          end
        end
        """;
  }

  /** The class with the main method comes first: the launcher of single files wants it so. */
  private static String java(String code) {
    int imports = code.indexOf("class Zones");
    return code.substring(0, imports)
        + """
        class Main {
          public static void main(String[] args) throws Exception {
            Zones zones = new Zones();
            var in = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
              String[] key = line.split(" ");
              try {
                String zone =
                    key[2].length() == 5
                        ? zones.zoneOfZip(key[0], key[1], key[2])
                        : zones.zone(key[0], key[1], key[2]);
                System.out.println(zone == null ? "null" : '"' + zone + '"');
              } catch (Exception e) {
                System.out.println("exception");
              }
            }
            System.exit(0);
          }
        }

        """
        + code.substring(imports);
  }

  private List<String> command(String program) throws IOException {
    String language = reader.language();
    return switch (language) {
      case "python" -> List.of(python(), file("reader.py", program));
      case "php" -> List.of("php", file("reader.php", program));
      case "ruby" -> List.of("ruby", file("reader.rb", program));
      case "java" ->
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              javaClassPath(),
              file("Reader.java", program));
      default -> throw new IllegalArgumentException("no way to run " + language);
    };
  }

  /** The distribution's own Python, for which its packages are; a newer one may come first. */
  static String python() {
    return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toAbsolutePath().toString();
  }

  private static String javaClassPath() {
    return Stream.of(XMemcachedClient.class, MemcachedClient.class, Logger.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
