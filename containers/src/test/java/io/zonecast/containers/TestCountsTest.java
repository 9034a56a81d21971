package io.zonecast.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCountsTest {
  @TempDir private Path project;

  @Test
  void testsAreCountedByKindWithTheServersThatTheyHad() throws IOException {
    report("sink", "surefire", "<testcase name='a' classname='x.OneTest' time='0.1'/>");
    report(
        "sink",
        "failsafe",
        """
        <testcase name='a' classname='x.OneIT'>
          <system-err><![CDATA[a line
        servers: containers, Docker 20.10.24 answers
        ]]></system-err>
        </testcase>
        <testcase name='b' classname='x.OneIT'/>
        """);

    assertThat(account())
        .isEqualTo(
            """
            tests: 3 ran: 1 unit test, 2 integration tests with servers in containers (Docker 20.10.24 answers)
            skipped: 0
            """);
  }

  @Test
  void aRunOfOneTagAloneIsSaidToBeSo() throws IOException {
    report(
        "app",
        "failsafe",
        "<properties><property name='groups' value='containers'/></properties>"
            + ran("OneIT", "containers, as -Dzonecast.test.servers says"));

    assertThat(account())
        .startsWith(
            "tests: 1 ran: no unit tests, 1 integration test, no others than those tagged"
                + " containers, with servers in containers (as -Dzonecast.test.servers says)\n");
  }

  @Test
  void jvmsThatChoseDifferentlyAreBothTold() throws IOException {
    report("app", "failsafe", ran("OneIT", "processes, no Docker engine answers"));
    report("sink", "failsafe", ran("TwoIT", "containers, Docker 27.0 answers"));

    assertThat(account())
        .contains(
            "2 integration tests with servers in containers (Docker 27.0 answers) and in processes"
                + " (no Docker engine answers)");
  }

  @Test
  void whatWasSkippedIsListedByItsReason() throws IOException {
    report(
        "app",
        "surefire",
        """
        <testcase name='a' classname='x.OneTest'>
          <skipped type='T'><![CDATA[org.opentest4j.TestAbortedException: Assumption failed: there is no zsh
            at org.junit.X]]></skipped>
        </testcase>
        <testcase name='b' classname='x.TwoTest'>
          <skipped message='Assumption failed: there is no zsh'/>
        </testcase>
        <testcase name='c' classname='x.TwoTest'/>
        """);
    report(
        "app",
        "failsafe",
        "<testcase name='' classname='x.ImageIT'><skipped message='no image'/></testcase>");

    assertThat(account())
        .isEqualTo(
            """
            tests: 1 ran: 1 unit test, no integration tests
            skipped: 3
              1: no image (all of ImageIT)
              2: there is no zsh (OneTest, TwoTest)
            """);
  }

  @Test
  void failuresAreNamed() throws IOException {
    report(
        "app",
        "surefire",
        """
        <testcase name='a' classname='x.OneTest'>
          <failure message='m' type='T'><![CDATA[why]]></failure>
          <system-out><![CDATA[what it said]]></system-out>
        </testcase>
        <testcase name='b' classname='x.OneTest'><error type='T'/></testcase>
        """);

    assertThat(account())
        .isEqualTo(
            """
            tests: 2 ran: 2 unit tests, no integration tests
            failed: 2
              x.OneTest.a
              x.OneTest.b
            skipped: 0
            """);
  }

  @Test
  void modulesThatTheRunDidNotReachAreNamed() throws IOException {
    report("app", "surefire", "<testcase name='a' classname='x.OneTest'/>");
    Files.createDirectories(project.resolve("bench"));
    Files.createFile(project.resolve("bench/pom.xml"));
    Files.createDirectories(project.resolve("docs"));

    assertThat(account()).endsWith("skipped: 0\nnothing ran in: bench\n");
  }

  private String account() {
    return TestCounts.of(project).account();
  }

  private static String ran(String test, String servers) {
    return "<testcase name='a' classname='x.%s'/><system-err>servers: %s\n</system-err>"
        .formatted(test, servers);
  }

  private void report(String module, String plugin, String content) throws IOException {
    Path reports =
        Files.createDirectories(
            project.resolve(module).resolve("target").resolve(plugin + "-reports"));
    Files.writeString(project.resolve(module).resolve("pom.xml"), "");
    Files.writeString(
        reports.resolve("TEST-x.xml"),
        "<?xml version='1.0' encoding='UTF-8'?><testsuite>" + content + "</testsuite>");
  }
}
