package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.ingest.StepProgress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JointProgressTest {

  @Test
  void sharesOfOneStepAreAddedUpAndThoseOfAnEarlierOneForgotten() {
    List<String> heard = new ArrayList<>();
    JointProgress joint =
        new JointProgress((phase, done, total) -> heard.add(phase + " " + done + "/" + total), 2);

    joint.share(0).at(StepProgress.Phase.READING_TOPIC, 1, 10);
    joint.share(1).at(StepProgress.Phase.READING_TOPIC, 2, 20);
    joint.share(0).at(StepProgress.Phase.READING_TOPIC, 10, 10);
    joint.share(0).at(StepProgress.Phase.FINDING_REMOVED, 5, 10);

    assertThat(heard)
        .containsExactly(
            "READING_TOPIC 1/10",
            "READING_TOPIC 3/30",
            "READING_TOPIC 12/30",
            "FINDING_REMOVED 5/10");
  }
}
