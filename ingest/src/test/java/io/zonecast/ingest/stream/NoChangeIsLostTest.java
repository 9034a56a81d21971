package io.zonecast.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Updates, other writers' transactions, polls, answers, commits, crashes in any order: an update is
 * dropped only where its value is the current one, and whoever wrote last is whom the table shows.
 */
class NoChangeIsLostTest {
  private static final int TRIES = 200;
  private static final int STEPS = 120;
  private static long dropped;

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void whateverTheOrder(@ForAll long seed) {
    try (StreamModel model = new StreamModel(seed)) {
      for (int step = 0; step < STEPS; step++) {
        model.step();
      }
      model.comeToRest();
      model.checkThatWhoeverWroteLastIsShown();
      dropped += model.dropped();
    }
  }

  /** To drop nothing would keep every promise but the one to drop. */
  @AfterContainer
  static void manyWereDropped() {
    assertThat(dropped).isGreaterThan(TRIES / 4);
  }
}
