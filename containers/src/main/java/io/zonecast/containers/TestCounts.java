package io.zonecast.containers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What a run of tests amounted to, from the reports that it left in the modules: how many tests
 * ran, with which servers, and what was skipped for which reason.
 *
 * <p>In one file and of the JDK alone, so that {@code check} can run it as it is, after a build
 * that failed too.
 */
public final class TestCounts {
  private static final String UNIT_REPORTS = "target/surefire-reports";
  private static final String INTEGRATION_REPORTS = "target/failsafe-reports";

  /** By which Maven is told to run no tests but those of a tag. */
  private static final String TAG = "groups";

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
    for (Path module : children(project, it -> Files.isDirectory(it.resolve("src/test")))) {
      List<Path> unit = reports(module.resolve(UNIT_REPORTS));
      List<Path> integration = reports(module.resolve(INTEGRATION_REPORTS));
      for (Path report : unit) {
        counts.unitTests += counts.read(report);
      }
      for (Path report : integration) {
        counts.integrationTests += counts.read(report);
      }
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
        "tests: %,d ran: %s, %s%n"
            .formatted(
                unitTests + integrationTests,
                number(unitTests, "unit test"),
                number(integrationTests, "integration test")
                    + (integrationTests == 0 ? "" : ofTags() + withServers())));
    if (!failed.isEmpty()) {
      account.append("failed: %,d%n".formatted(failed.size()));
      failed.forEach(test -> account.append("  %s%n".formatted(test)));
    }
    account.append(
        "skipped: %,d%n".formatted(skippedByReason.values().stream().mapToInt(List::size).sum()));
    skippedByReason.forEach(
        (reason, tests) ->
            account.append(
                "  %,d: %s (%s)%n"
                    .formatted(
                        tests.size(),
                        reason,
                        tests.stream().distinct().collect(Collectors.joining(", ")))));
    if (!modulesWithout.isEmpty()) {
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
    try (InputStream in = Files.newInputStream(report)) {
      XMLStreamReader xml = factory().createXMLStreamReader(in);
      int ran = 0;
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT) {
          if (xml.getLocalName().equals("testcase")) {
            ran += testCase(xml) ? 1 : 0;
          } else if (xml.getLocalName().startsWith("system-")) {
            findServers(xml.getElementText());
          } else if (attribute(xml, "name").equals(TAG)) {
            tags.add(attribute(xml, "value"));
          }
        }
      }
      return ran;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(report + " is no test report: " + e.getMessage(), e);
    }
  }

  /** Reads to the end of a test, and tells whether it ran. */
  private boolean testCase(XMLStreamReader xml) throws XMLStreamException {
    String className = attribute(xml, "classname");
    String name = attribute(xml, "name");
    boolean ran = true;
    while (xml.next() != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("testcase")) {
      if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "skipped" -> {
            String message = attribute(xml, "message");
            String text = xml.getElementText();
            // All that is known of a class whose preparation was given up; it is one, not its
            // tests.
            String test = className.substring(className.lastIndexOf('.') + 1);
            boolean whole = name.isEmpty() || name.equals(className);
            skippedByReason
                .computeIfAbsent(
                    reason(message.isEmpty() ? text : message), any -> new ArrayList<>())
                .add(whole ? "all of " + test : test);
            ran = false;
          }
          case "failure", "error" -> failed.add(className + "." + name);
          case "system-out", "system-err" -> findServers(xml.getElementText());
          default -> {
            // A time, a property: nothing to count.
          }
        }
      }
    }
    return ran;
  }

  private void findServers(String output) {
    output
        .lines()
        .filter(line -> line.startsWith(SERVERS))
        .forEach(line -> servers.add(line.substring(SERVERS.length())));
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

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue("", name);
    return value == null ? "" : value;
  }

  private static List<Path> reports(Path directory) {
    return Files.isDirectory(directory)
        ? children(directory, it -> it.getFileName().toString().matches("TEST-.*\\.xml"))
        : List.of();
  }

  private static List<Path> children(Path directory, java.util.function.Predicate<Path> which) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(which).sorted(Comparator.naturalOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    return factory;
  }
}
