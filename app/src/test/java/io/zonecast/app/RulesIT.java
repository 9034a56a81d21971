package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a team's rules refuse, and that an approved plan is published as it was or not at all. */
class RulesIT {
  private static final String HEADER = "carrier,origin,destination,zone,flags,effective_date\n";
  private static final String EDITION =
      HEADER + "usps,005,006,B,,\nusps,005,010,3,,\nusps,006,005,4,,\nusps,006,006,1,,\n";

  @TempDir private Path directory;
  private CommandStage stage;

  @BeforeEach
  void setTheStage() throws Exception {
    stage = new CommandStage(directory);
    stage.publishTheTable();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void rulesOfTheSettingsFileHoldForEachPublishUnlessOneRunSaysOtherwise() throws Exception {
    String known = file("known.csv", HEADER + "usps,005,010,2,,\n");
    String rules =
        file("team.properties", "zones=usps=1-9,A\nexpect=" + known + "\nmax-changed=40\n");
    String edition = file("edition.csv", EDITION);

    JsonNode refused = run(3, "publish", edition, "--config", rules, "--json").json();
    Ran run =
        run(
            0,
            "publish",
            edition,
            "--config",
            rules,
            "--expect",
            "none",
            "--zones",
            "usps=1-9,A,B");

    assertThat(refused.at("/refusals").findValuesAsText("guard"))
        .containsExactlyInAnyOrder("BAD_ROWS", "EXPECTATIONS");
    assertThat(refused.at("/problems/0/line").asInt()).isEqualTo(2);
    assertThat(refused.at("/problems/0/reason").asText())
        .startsWith("is no zone of carrier usps, which has 1-9,A");
    assertThat(refused.at("/refusals").toString())
        .contains("known.csv line 2: usps:005:010 would have 3, not 2");
    assertThat(run.out()).contains("1 added, 2 changed");
  }

  @Test
  void optionsOfOneRunAreNoSettings() throws Exception {
    String settings = file("team.properties", "approved=april.plan\n");

    Ran ran = run(2, "publish", file("edition.csv", EDITION), "--config", settings);

    assertThat(ran.err()).contains("unknown key \"approved\"");
  }

  @Test
  void rowsOfTomorrowAreRefusedUnlessTheyAreMeant() throws Exception {
    String future =
        file(
            "future.csv",
            HEADER
                + "usps,005,006,A,,9999-01-01\nusps,005,010,3,,9999-01-01\n"
                + "usps,006,005,4,,9999-01-01\n");

    Ran refused = run(3, "publish", future);

    assertThat(refused.err()).contains("1 rows take effect on 9999-01-01 or later", "--early");
    assertThat(run(3, "plan", future).err()).contains("--early");
    run(0, "publish", future, "--early");
  }

  @Test
  void mostOfALargeTableDoesNotChangeUnlessItIsMeant() throws Exception {
    run(0, "publish", file("before.csv", table("4")));
    String after = file("after.csv", table("5"));

    Ran refused = run(3, "publish", after);

    assertThat(refused.err())
        .contains("1,200 of the 1,200 rows of carrier ups (100.0 %) would change, more than 50 %")
        .contains("--max-changed 100");
    String publish =
        run(0, "publish", after, "--max-changed", "100", "--json").json().get("publishId").asText();
    run(0, "undo", publish, "--yes");
  }

  @Test
  void approvedPlanIsPublishedAsItWasOrNotAtAll() throws Exception {
    String edition = file("edition.csv", EDITION);
    String plan = directory.resolve("april.plan").toString();
    run(0, "plan", edition, "--out", plan);

    String other = file("other.csv", EDITION.replace("005,010,3", "005,010,7"));
    Ran rows = run(3, "publish", other, "--approved", plan);
    Ran counts =
        run(3, "publish", file("more.csv", EDITION + "usps,010,005,1,,\n"), "--approved", plan);
    JsonNode approved = run(0, "publish", edition, "--approved", plan, "--json").json();
    Ran again = run(3, "publish", edition, "--approved", plan);

    assertThat(Files.readString(Path.of(plan)))
        .contains("\"file\" : \"edition.csv\"", "\"added\" : 1", "\"changed\" : 2");
    assertThat(rows.err())
        .contains("it has as many changes, and now there are other ones")
        .contains("(it has usps:005:010 2 * → 3, now usps:005:010 2 * → 7)");
    assertThat(counts.err())
        .contains("it has 1 added, 2 changed, 0 removed, and now there are 2 added, 2 changed");
    assertThat(approved.get("published").asBoolean()).isTrue();
    assertThat(again.err()).contains("and now there are 0 added, 0 changed, 0 removed");
  }

  @Test
  void approvedPlanMakesNoTopic() throws Exception {
    String edition = file("edition.csv", EDITION);
    String plan = directory.resolve("april.plan").toString();
    run(0, "plan", edition, "--out", plan);

    Ran ran = run(2, "publish", edition, "--approved", plan, "--topic", "no-" + stage.topic);

    assertThat(ran.err()).contains("no-" + stage.topic).doesNotContain("new topic");
  }

  @Test
  void whatIsNoPlanIsSaid() throws Exception {
    String edition = file("edition.csv", EDITION);

    assertThat(run(2, "publish", edition, "--approved", edition).err())
        .contains("--approved " + edition + ": it is no plan; name the file that");
    String half =
        file("half.plan", "{\"format\":\"zonecast-plan-1\",\"topic\":\"zones\",\"added\":1}");
    assertThat(run(2, "publish", edition, "--approved", half).err()).contains("it is no plan");
    assertThat(run(2, "publish", edition, "--approved", "nowhere.plan").err())
        .contains("--approved nowhere.plan: there is no such file");
    assertThat(run(2, "plan", edition, "--out", edition).err())
        .contains("--out " + edition + ": is the file that is compared");
  }

  @Test
  void undoIsHeldToTheRulesForRowsOnly() throws Exception {
    String publish =
        run(0, "publish", file("edition.csv", EDITION), "--json").json().get("publishId").asText();
    String known = file("known.csv", HEADER + "usps,005,006,B,,\nusps,006,005,4,,\n");

    JsonNode refused =
        run(3, "undo", publish, "--yes", "--zones", "usps=1-9,B", "--expect", known, "--json")
            .json();

    assertThat(refused.get("publishId").isNull()).isTrue();
    assertThat(refused.at("/refusals").findValuesAsText("guard"))
        .containsExactly("ZONES", "EXPECTATIONS");
    assertThat(refused.at("/refusals/0/message").asText())
        .contains("usps:005:006 \"A\" is no zone");
    assertThat(refused.at("/refusals/1/message").asText())
        .contains("known.csv line 2: usps:005:006 would have A, not B");
    run(0, "undo", publish, "--yes", "--zones", "usps=1-9,A");
  }

  private Ran run(int exitCode, String... arguments) {
    Ran ran = stage.run(arguments);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode);
    return ran;
  }

  private String file(String name, String text) throws Exception {
    return stage.write(name, text).toString();
  }

  /** Beside the table's rows, so many of another carrier that the rule for changes holds. */
  private static String table(String zone) {
    return IntStream.range(0, 1_200)
        .mapToObj(i -> "ups,%03d,%03d,%s,,\n".formatted(i / 60, 100 + i % 60, zone))
        .collect(Collectors.joining("", HEADER, ""));
  }
}
