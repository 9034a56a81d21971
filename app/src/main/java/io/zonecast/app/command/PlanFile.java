package io.zonecast.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.SettingsException;
import io.zonecast.ingest.publish.ApprovedPlan;
import io.zonecast.ingest.publish.Plan;
import io.zonecast.ingest.publish.PlanDigest;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code plan --out} saves and {@code publish --approved} reads: JSON, for people too. */
final class PlanFile {
  private static final String FORMAT = "zonecast-plan-1";
  private static final long MOST_BYTES = 1 << 20;

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
    PublishAnswer.changes(document.putArray("firstChanges"), plan.firstChanges());
    try (Writer writer = file.writer()) {
      writer.write(document.toPrettyString() + "\n");
    }
  }

  static ApprovedPlan read(Path path) {
    try {
      if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
        throw new SettingsException("--approved %s: is no file of plan --out".formatted(path));
      }
      JsonNode document = new ObjectMapper().readTree(path.toFile());
      if (!document.path("format").asText().equals(FORMAT)) {
        throw new SettingsException("--approved %s: is no file of plan --out".formatted(path));
      }
      return new ApprovedPlan(
          document.path("topic").asText(),
          document.path("topicId").asText(),
          document.path("added").asLong(),
          document.path("changed").asLong(),
          document.path("removed").asLong(),
          document.path("digest").asText());
    } catch (IOException e) {
      throw new SettingsException(
          "--approved %s: cannot be read as a file of plan --out".formatted(path));
    }
  }
}
