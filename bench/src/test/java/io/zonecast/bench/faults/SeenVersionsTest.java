package io.zonecast.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenVersionsTest {
  private final SeenVersions sightings = new SeenVersions();

  @Test
  void risingVersionsAreNeverStale() {
    sightings.saw("a", 1, 10);
    sightings.saw("a", 1, 11);
    sightings.saw("a", 3, 12);
    sightings.missed("a", 13);
    sightings.saw("a", 5, 14);

    assertThat(sightings.stale()).isEmpty();
  }

  @Test
  void anOlderVersionIsStaleUntilANewerOneIsSeen() {
    sightings.saw("a", 3, 10);
    sightings.saw("a", 2, 11);
    sightings.saw("a", 2, 12);
    sightings.saw("a", 3, 15);

    assertThat(sightings.stale()).containsExactly(new StaleRead("a", 2, 3, 11, 15));
  }

  @Test
  void anEntryThatComesBackIsStaleUntilItIsGoneAgain() {
    sightings.saw("a", 3, 10);
    sightings.missed("a", 11);
    sightings.saw("a", 3, 12);
    sightings.saw("a", 3, 13);
    sightings.missed("a", 17);

    assertThat(sightings.stale()).containsExactly(new StaleRead("a", 3, 3, 12, 17));
  }

  @Test
  void twoOlderVersionsAreTwoSights() {
    sightings.saw("a", 9, 10);
    sightings.saw("a", 4, 11);
    sightings.saw("a", 6, 12);

    assertThat(sightings.stale())
        .containsExactly(new StaleRead("a", 4, 9, 11, 12), new StaleRead("a", 6, 9, 12, 12));
  }

  @Test
  void whatAWipedNodeShowsBeginsAnew() {
    sightings.saw("a", 3, 10);
    sightings.forget(11);
    sightings.saw("a", 1, 12);

    assertThat(sightings.stale()).isEmpty();
  }

  @Test
  void anotherKeyHasVersionsOfItsOwn() {
    sightings.saw("a", 3, 10);
    sightings.saw("b", 2, 11);

    assertThat(sightings.stale()).isEmpty();
  }
}
