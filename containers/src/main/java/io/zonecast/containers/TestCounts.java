package io.zonecast.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Sums up a run of tests from the reports that it left in the modules: how many tests ran, with
 * which servers, and what was skipped for which reason.
 *
 * <p>In one file and of the JDK alone, so that {@code check} can run it from its source, after a
 * build that failed too.
 */
public final class TestCounts {
  /** How {@code Servers} begins its line about which they are. */
  private static final String SERVERS = "servers: ";

  private int unitTests;
  private int integrationTests;
  private final List<String> failed = new ArrayList<>();
  private final Map<String, List<String>> skippedByReason = new TreeMap<>();
  private final TreeSet<String> servers = new TreeSet<>();
  private final TreeSet<String> tags = new TreeSet<>();
  private final List<String> modulesWithout = new ArrayList<>();

  private TestCounts() {}

  /** Takes the project's directory, and prints. */
  public static void main(String[] args) {
    System.out.print(of(Path.of(args[0])).account());
  }

  /** Reads every module's reports. */
  static TestCounts of(Path project) {
    TestCounts counts = new TestCounts();
    for (Path module : children(project, it -> Files.isRegularFile(it.resolve("pom.xml")))) {
      List<Path> unit = reports(module.resolve("target/surefire-reports"));
      List<Path> integration = reports(module.resolve("target/failsafe-reports"));
      counts.unitTests += unit.stream().mapToInt(counts::read).sum();
      counts.integrationTests += integration.stream().mapToInt(counts::read).sum();
      if (unit.isEmpty() && integration.isEmpty()) {
        counts.modulesWithout.add(String.valueOf(module.getFileName()));
      }
    }
    return counts;
  }

  /** For people, a line for each thing to know. */
  String account() {
    StringBuilder account = new StringBuilder();
    account.append(
        "tests: %,d ran: %s, %s%s%n"
            .formatted(
                unitTests + integrationTests,
                number(unitTests, "unit test"),
                number(integrationTests, "integration test"),
                integrationTests == 0 ? "" : ofTags() + withServers()));
    if (!failed.isEmpty()) {
      account.append("failed: %,d%n".formatted(failed.size()));
      failed.forEach(test -> account.append("  %s%n".formatted(test)));
    }
    account.append(
        "skipped: %,d%n".formatted(skippedByReason.values().stream().mapToInt(List::size).sum()));
    skippedByReason.forEach(
        (reason, tests) -> {
          String names = tests.stream().distinct().collect(Collectors.joining(", "));
          account.append("  %,d: %s (%s)%n".formatted(tests.size(), reason, names));
        });
    // The integration tests come last, and all in one module.
    if (!modulesWithout.isEmpty() && integrationTests == 0) {
      account.append("nothing ran in: %s%n".formatted(String.join(", ", modulesWithout)));
    }
    return account.toString();
  }

  private String ofTags() {
    return tags.isEmpty() ? "" : ", no others than those tagged " + String.join(", ", tags) + ",";
  }

  private String withServers() {
    if (servers.isEmpty()) {
      return ", none of which asked for servers";
    }
    return servers.stream()
        .map(which -> which.replaceFirst(", (.*)", " ($1)"))
        .collect(Collectors.joining(" and in ", " with servers in ", ""));
  }

  private static String number(int tests, String what) {
    return (tests == 0 ? "no" : "%,d".formatted(tests)) + " " + what + (tests == 1 ? "" : "s");
  }

  /** Returns how many tests ran, well or not. */
  private int read(Path report) {
    Document document;
    try {
      document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IllegalStateException(report + " is no test report: " + e.getMessage(), e);
    }
    // With this property Maven is told to run no tests but those of a tag.
    elements(document.getElementsByTagName("property"))
        .filter(property -> property.getAttribute("name").equals("groups"))
        .forEach(property -> tags.add(property.getAttribute("value")));
    Stream.of("system-out", "system-err")
        .flatMap(output -> elements(document.getElementsByTagName(output)))
        .flatMap(output -> output.getTextContent().lines())
        .filter(line -> line.startsWith(SERVERS))
        .forEach(line -> servers.add(line.substring(SERVERS.length())));
    return (int) elements(document.getElementsByTagName("testcase")).filter(this::hasRun).count();
  }

  private boolean hasRun(Element test) {
    String className = test.getAttribute("classname");
    String name = test.getAttribute("name");
    if (test.getElementsByTagName("failure").getLength() > 0
        || test.getElementsByTagName("error").getLength() > 0) {
      failed.add(className + "." + name);
    }
    List<Element> skipped = elements(test.getElementsByTagName("skipped")).toList();
    for (Element skip : skipped) {
      String message = skip.getAttribute("message");
      // Nothing else is known of a class whose preparation was given up; it counts as one test.
      boolean whole = name.isEmpty() || name.equals(className);
      skippedByReason
          .computeIfAbsent(
              reason(message.isEmpty() ? skip.getTextContent() : message), any -> new ArrayList<>())
          .add((whole ? "all of " : "") + className.substring(className.lastIndexOf('.') + 1));
    }
    return skipped.isEmpty();
  }

  private static Stream<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
  }

  /** The first line, without what JUnit and AssertJ say before it. */
  private static String reason(String message) {
    return message
        .lines()
        .findFirst()
        .orElse("no reason was given")
        .replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
        .replaceFirst("^(Assumption failed: |assumption was not met due to: )", "")
        .strip();
  }

  private static List<Path> reports(Path directory) {
    return Files.isDirectory(directory)
        ? children(directory, it -> it.getFileName().toString().matches("TEST-.*\\.xml"))
        : List.of();
  }

  private static List<Path> children(Path directory, Predicate<Path> which) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(which).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
