package io.zonecast.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.app.command.NewTopicOption.SimilarTopicException;
import io.zonecast.schemas.NewTopicRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewTopicOptionTest {
  private final List<String> announced = new ArrayList<>();
  private final NewTopicRule rule = new NewTopicOption().rule(announced::add);

  @Test
  void nameThatIsNearlyAnothersIsRefused() {
    assertThatThrownBy(() -> rule.creating("zonse", 6, Set.of("zones", "rates")))
        .isInstanceOf(SimilarTopicException.class)
        .hasMessageContaining("topic zones has nearly its name")
        .hasMessageContaining("--create-topic");
  }

  @Test
  void otherNamesAreAnnounced() {
    rule.creating("tariffs", 6, Set.of("zones"));

    assertThat(announced).containsExactly("new topic tariffs: 6 partitions");
  }

  @Test
  void topicThatAnotherProcessMakesMeanwhileIsNotTakenForOneOfNearlyItsName() {
    rule.creating("zones", 6, Set.of("zones", "rates"));

    assertThat(announced).isEmpty();
  }
}
