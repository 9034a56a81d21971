package io.zonecast.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arrows between packages, as {@code docs/architecture.md} draws them. */
class ArchitectureTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final String SINK = "io.zonecast.sink.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.zonecast");

  @Test
  void noPackageOfTheSinkLeadsBackToItself() {
    slices().matching("io.zonecast.sink.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noPackageOfTheCommandLeadsBackToItself() {
    slices().matching("io.zonecast.app.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noNameStandsForTwoClasses() {
    assertThat(CLASSES.stream().filter(JavaClass::isTopLevelClass).map(JavaClass::getSimpleName))
        .filteredOn(name -> !name.equals("package-info"))
        .doesNotHaveDuplicates();
  }

  @Test
  void theCacheKnowsNoKafka() {
    noClasses()
        .that()
        .resideInAPackage("io.zonecast.sink.cache..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void ingestAndSinkAreStrangers() {
    noClasses()
        .that()
        .resideInAPackage("io.zonecast.ingest..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.zonecast.sink..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.zonecast.sink..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.zonecast.ingest..")
        .check(CLASSES);
  }

  @Test
  void nothingButTheApplicationKnowsTheSandbox() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.zonecast.ingest..",
            "io.zonecast.sink..",
            "io.zonecast.schemas..",
            "io.zonecast.monitor..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.zonecast.sandbox..")
        .check(CLASSES);
  }

  @Test
  void thePictureOfTheSinksPackagesIsThatOfTheCode() throws Exception {
    assertThat(picture()).isEqualTo(arrows());
  }

  @Test
  void thePictureOfThePhasesIsTheOneInTheirJavadoc() throws Exception {
    Path source = Path.of("../sink/src/main/java/io/zonecast/sink/node/Phase.java");
    String javadoc = between(Files.readString(source), "<pre>\n", "\n * </pre>");
    String drawn =
        between(Files.readString(DOCS.resolve("checkpoints.md")), "valid there:\n\n```\n", "\n```");

    assertThat(drawn.lines().map(ArchitectureTest::line))
        .containsExactlyElementsOf(
            javadoc.lines().map(line -> line(line.substring(" *".length()))).toList());
    CLASSES.get("io.zonecast.sink.node.Phase").getAllSubclasses().stream()
        .filter(JavaClass::isRecord)
        .forEach(phase -> assertThat(drawn).contains(phase.getSimpleName()));
  }

  /** A line of the picture, without its indentation, and without what is said beside it. */
  private static String line(String drawn) {
    return drawn.replaceAll(" {3}\\(.*", "").strip();
  }

  /** Each package of the document with those that its arrow leads to. */
  private static Map<String, Set<String>> picture() throws IOException {
    Map<String, Set<String>> arrows = new TreeMap<>();
    String text = Files.readString(DOCS.resolve("architecture.md"));
    for (String line :
        between(text, "<!-- packages of the sink -->\n```\n", "\n```").lines().toList()) {
      String[] ends = line.split("─▶", -1);
      Set<String> to = new TreeSet<>(Arrays.asList(ends[1].strip().split(" +")));
      to.remove("");
      arrows.put(ends[0].strip(), to);
    }
    return arrows;
  }

  /**
   * The same of the classes; the package that puts all together and the one that shows it apart.
   */
  private static Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (JavaClass each : CLASSES) {
      String from = sinkPackage(each);
      if (from.isEmpty() || from.equals("status") || from.equals("timing")) {
        continue;
      }
      Set<String> to = arrows.computeIfAbsent(from, name -> new TreeSet<>());
      each.getDirectDependenciesFromSelf().stream()
          .map(Dependency::getTargetClass)
          .map(ArchitectureTest::sinkPackage)
          .filter(name -> !name.isEmpty() && !name.equals(from))
          .forEach(to::add);
    }
    return arrows;
  }

  /** The last part of a class's package below the sink's, or "". */
  private static String sinkPackage(JavaClass of) {
    String name = of.getPackageName();
    return name.startsWith(SINK) ? name.substring(name.lastIndexOf('.') + 1) : "";
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    assertThat(text).contains(begin);
    return text.substring(from, text.indexOf(end, from));
  }
}
