package io.zonecast.ingest.publish;

import io.zonecast.schemas.PublishSummary;
import io.zonecast.schemas.PublishedFile;
import io.zonecast.schemas.TopicInfo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who publishes, for the log of publishes.
 *
 * @param user the operating system's
 * @param host the machine's name
 * @param note what the user says about it
 */
public record PublishedBy(String user, String host, Optional<String> note) {

  /** The user and the machine of this process. */
  public static PublishedBy process(Optional<String> note) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown";
    }
    return new PublishedBy(System.getProperty("user.name", "unknown"), host, note);
  }

  /**
   * What the log says first about a publish.
   *
   * @param overrides the options that overrode a guard
   * @param undoes the publish that this one undoes; null for none
   */
  PublishSummary summary(
      String publishId,
      TopicInfo topic,
      List<PublishedFile> files,
      List<String> carriers,
      DiffCounts counts,
      List<String> overrides,
      @Nullable String undoes) {
    return new PublishSummary(
        publishId,
        Instant.now(),
        user,
        host,
        note.orElse(null),
        topic.topicId().toString(),
        topic.partitions(),
        files,
        carriers,
        counts.added(),
        counts.changed(),
        counts.removed(),
        overrides,
        undoes);
  }
}
