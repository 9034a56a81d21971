package io.zonecast.app.command;

import io.zonecast.app.settings.Spelling;
import io.zonecast.app.terminal.Figures;
import io.zonecast.schemas.NewTopicRule;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Keeps a misspelt {@code --topic} from creating a second table. */
public final class NewTopicOption {
  private static final int SIMILAR_EDITS = 2;

  @Option(
      names = "--create-topic",
      description = "Create it even if another is named alike.",
      order = 91)
  private boolean createTopic;

  /** A topic whose name is nearly another's, so that it may be a slip. */
  public static final class SimilarTopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private SimilarTopicException(String name, String similar) {
      super(
          ("topic %s does not exist, and topic %s has nearly its name; correct --topic, or add"
                  + " --create-topic to create it")
              .formatted(name, similar));
    }
  }

  /**
   * Refuses a name that is nearly another topic's, and announces any other.
   *
   * @param announced hears of the topic that is created
   */
  NewTopicRule rule(Consumer<String> announced) {
    return (name, partitions, others) -> {
      if (others.contains(name)) {
        // Another process has just made it.
        return;
      }
      String similar = Spelling.nearest(name, others, SIMILAR_EDITS);
      if (similar != null && !createTopic) {
        throw new SimilarTopicException(name, similar);
      }
      announced.accept(
          "new topic %s: %s".formatted(name, Figures.count(partitions, "partition", "partitions")));
    };
  }
}
