package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonecast.schemas.fixture.PlainTopic;
import io.zonecast.schemas.wire.BundledSchemas;
import io.zonecast.schemas.wire.RowFields;
import io.zonecast.schemas.wire.ZoneRowEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishes are looked up, undone and exported, and carriers deleted, as a user does it. */
class HistoryIT {
  private static final String EDITION =
      """
      carrier,origin,destination,zone,flags
      usps,005,006,B,
      usps,005,010,3,
      usps,006,005,4,
      usps,006,006,1,
      """;

  @TempDir private Path directory;
  private CommandStage stage;

  @BeforeEach
  void setTheStage() {
    stage = new CommandStage(directory);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void publishesAreListedTheNewestFirst() throws Exception {
    stage.ran("publish", stage.write("usps.csv", CommandStage.TABLE).toString());
    String edition = publishTheEdition();

    Ran list = stage.ran("history");
    JsonNode newest = stage.ran("history", "--json").json().get("publishes").get(0);

    assertThat(list.out().lines()).hasSize(3);
    assertThat(list.out().lines().skip(1).findFirst().orElseThrow())
        .matches("\\S+Z +\\S+ +edition.csv +1 +2 +0 +April edition +" + edition);
    assertThat(newest.get("id").asText()).isEqualTo(edition);
    assertThat(newest.get("note").asText()).isEqualTo("April edition");
    assertThat(newest.get("files").get(0).get("name").asText()).isEqualTo("edition.csv");
  }

  @Test
  void aPublishIsShownAsAPlanShowsIt() throws Exception {
    stage.ran("publish", stage.write("usps.csv", CommandStage.TABLE).toString());
    String edition = publishTheEdition();
    Path list = directory.resolve("changes.csv");

    Ran shown = stage.ran("history", edition, "--list", list.toString());

    assertThat(shown.out())
        .contains("April edition")
        .contains("1 added, 2 changed, 0 removed")
        .contains("  usps:005:006 A → B", "  usps:005:010 2 * → 3");
    assertThat(Files.readAllLines(list)).hasSize(3).contains("changed,usps,005,006,A,,B,");
  }

  @Test
  void aPublishIsUndoneAndTheExportIsThatOfBefore() throws Exception {
    stage.ran("publish", stage.write("usps.csv", CommandStage.TABLE).toString());
    Path before = export("before.csv.gz");
    String edition = publishTheEdition();

    Ran unasked = stage.run("undo", edition);
    Ran dry = stage.ran("undo", edition, "--dry-run");
    JsonNode undone = stage.ran("undo", edition, "--yes", "--json").json();

    assertThat(unasked.exitCode()).isEqualTo(2);
    assertThat(unasked.err()).contains("--yes", "--dry-run");
    assertThat(dry.err()).contains("2 rows restored, 1 added row removed again");
    assertThat(undone.get("changed").asLong()).isEqualTo(2);
    assertThat(undone.get("removed").asLong()).isOne();
    assertThat(Files.readAllBytes(export("after.csv.gz"))).isEqualTo(Files.readAllBytes(before));
    assertThat(stage.ran("history").out()).contains("undo of " + edition);
    // No sink runs, so that the cache has nothing.
    assertThat(stage.run("get", "usps", "005", "010", "--explain").out())
        .containsPattern("written by:   publish [0-9a-f]{16}, by \\S+; see zonecast history")
        .doesNotContain(edition);
  }

  @Test
  void aRowThatWasUpdatedSinceIsKeptAndListed() throws Exception {
    stage.ran("publish", stage.write("usps.csv", CommandStage.TABLE).toString());
    String edition = publishTheEdition();
    RowFields row = new RowFields();
    row.pointAtKey("usps:005:010".getBytes(StandardCharsets.US_ASCII));
    row.zone().set("7");
    new PlainTopic(stage.environment.get("ZONECAST_BOOTSTRAP_SERVERS"), stage.topic)
        .send(
            "usps:005:010".getBytes(StandardCharsets.US_ASCII),
            new ZoneRowEncoder(BundledSchemas.load().latestId()).encode(row));

    Ran undone = stage.run("undo", edition, "--yes");

    assertThat(undone.exitCode()).isEqualTo(4);
    assertThat(undone.out()).contains("kept usps:005:010\n");
    assertThat(undone.err()).contains("1 row was written later", "--over-later");
    assertThat(stage.ran("export").out())
        .isEqualTo(
            """
            carrier,origin,destination,zone,flags,effective_date
            usps,005,006,A,,
            usps,005,010,7,,
            usps,006,005,4,,
            """);
  }

  @Test
  void aPublishThatIsNotInTheLogIsRefused() throws Exception {
    stage.publishTheTable();

    for (Ran refused :
        new Ran[] {stage.run("undo", "0123456789abcdef", "--yes"), stage.run("history", "none")}) {
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err()).contains("is not in topic", "the oldest one there is");
    }
  }

  @Test
  void aCarrierIsDeletedAndItsDeletionUndone() throws Exception {
    stage.publishTheTable();
    byte[] before = Files.readAllBytes(export("before.csv"));

    Ran deleted = stage.ran("delete", "usps", "--yes", "--note", "contract ended");
    Ran again = stage.run("delete", "usps", "--yes");
    String id = stage.ran("history", "--json").json().get("publishes").get(0).get("id").asText();

    assertThat(deleted.out()).startsWith("removed 3 rows of carrier usps").contains(id);
    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(stage.ran("export").out().lines()).hasSize(1);
    stage.ran("undo", id, "--yes");
    assertThat(Files.readAllBytes(export("after.csv"))).isEqualTo(before);
  }

  @Test
  void aNoteComesFromTheCommandLineAlone() throws Exception {
    Path table = stage.write("usps.csv", CommandStage.TABLE);
    Map<String, String> old = stage.with("ZONECAST_NOTE", "of last year");

    assertThat(stage.run(old, "publish", table.toString()).exitCode()).isZero();

    assertThat(stage.ran("history").out()).doesNotContain("of last year");
  }

  private String publishTheEdition() throws Exception {
    return stage
        .ran(
            "publish",
            stage.write("edition.csv", EDITION).toString(),
            "--note",
            "April edition",
            "--json")
        .json()
        .get("publishId")
        .asText();
  }

  private Path export(String name) {
    Path file = directory.resolve(name);
    stage.ran("export", "--out", file.toString());
    return file;
  }
}
