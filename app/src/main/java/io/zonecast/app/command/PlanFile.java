package io.zonecast.app.command;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.SettingsException;
import io.zonecast.ingest.publish.ApprovedPlan;
import io.zonecast.ingest.publish.Plan;
import io.zonecast.ingest.publish.PlanDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What {@code plan --out} saves and {@code publish --approved} reads: JSON, for people too. */
final class PlanFile {
  private static final String FORMAT = "zonecast-plan-1";
  private static final int MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private PlanFile() {}

  static void write(ReplacedFile file, Plan plan, PlanDigest digest) throws IOException {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("format", FORMAT);
    document.put("topic", plan.report().topic());
    document.put("topicId", plan.topicId());
    document.put("file", plan.report().file());
    document.put("sha256", String.join(",", plan.report().diff().checksums()));
    document.put("added", plan.report().counts().added());
    document.put("changed", plan.report().counts().changed());
    document.put("removed", plan.report().counts().removed());
    document.put("digest", digest.hex());
    ArrayNode first = document.putArray("firstChanges");
    plan.firstChanges().forEach(change -> first.add(change.toString()));
    try (Writer writer = file.writer()) {
      writer.write(document.toPrettyString() + "\n");
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws SettingsException if it is no such file
   */
  static ApprovedPlan read(Path path) {
    try (InputStream file = Files.newInputStream(path)) {
      JsonNode document = JSON.readTree(file.readNBytes(MOST_BYTES));
      if (document.path("format").asText().equals(FORMAT)) {
        return JSON.treeToValue(document, ApprovedPlan.class);
      }
      throw unreadable(path, "it is no plan");
    } catch (NoSuchFileException e) {
      throw unreadable(path, "there is no such file");
    } catch (IOException e) {
      throw unreadable(path, "it is no plan");
    }
  }

  private static SettingsException unreadable(Path path, String why) {
    return new SettingsException(
        "--approved %s: %s; name the file that zonecast plan --out wrote".formatted(path, why));
  }
}
