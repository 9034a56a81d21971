package io.zonecast.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.sink.checkpoint.PartitionPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The memory of fills is two parts', and nobody's for ever. */
class FoldMemoryTest {
  private static final int FOLD_BYTES = 1 << 20;

  private final FoldMemory memory = new FoldMemory(FOLD_BYTES, Duration.ofMillis(1));
  private final Target fast = new Target(0);
  private final Target slow = new Target(1);
  private final List<FillTarget> targets = new ArrayList<>(List.of(fast, slow));

  @Test
  void aTargetThatKeepsAPartWhileAnotherIsDoneIsPutOff() throws Exception {
    deliverLargest();
    deliverLargest();
    fast.parts().forEach(FoldPart::release);
    slow.releasesWhenPutOff = true;

    FoldMemory.PartMemory third = memory.acquire(targets);

    assertThat(slow.failure().orElseThrow()).hasMessageContaining("more slowly than other nodes");
    assertThat(fast.failure()).isEmpty();
    assertThat(targets).containsExactly(fast);
    third.close();
  }

  @Test
  void ofTwoThatAreBothSlowNoneIsPutOff() throws Exception {
    deliverLargest();
    deliverLargest();
    var releasing =
        new Thread(
            () -> {
              fast.parts().get(0).release();
              slow.parts().get(0).release();
            });
    releasing.start();

    FoldMemory.PartMemory third = memory.acquire(targets);

    releasing.join();
    third.close();
    assertThat(targets).hasSize(2);
  }

  @Test
  void aTargetOfAnEarlierPartitionIsPutOffTooForOneThatWaits() throws Exception {
    List<FillTarget> earlier = new ArrayList<>(List.of(slow));
    deliverLargest(earlier);
    deliverLargest(earlier);
    slow.releasesWhenPutOff = true;

    memory.acquire(new ArrayList<>(List.of(fast))).close();

    assertThat(slow.failure()).isPresent();
  }

  @Test
  void aNodesNextPartitionWaitsForItsEarlierOne() throws Exception {
    List<FillTarget> earlier = new ArrayList<>(List.of(slow));
    deliverLargest(earlier);
    deliverLargest(earlier);
    var releasing = new Thread(() -> slow.parts().get(0).release());
    releasing.start();
    List<FillTarget> next = new ArrayList<>(List.of(new Target(1)));

    memory.acquire(next).close();

    releasing.join();
    assertThat(slow.failure()).isEmpty();
    assertThat(next).hasSize(1);
  }

  @Test
  void aSlowNodesNextPartitionIsPutOffWithItsEarlierOne() throws Exception {
    List<FillTarget> earlier = new ArrayList<>(List.of(slow));
    deliverLargest(earlier);
    deliverLargest(earlier);
    slow.releasesWhenPutOff = true;
    var slowsNext = new Target(1);
    List<FillTarget> next = new ArrayList<>(List.of(fast, slowsNext));

    memory.acquire(next).close();

    assertThat(slow.failure()).isPresent();
    assertThat(slowsNext.failure()).isPresent();
    assertThat(next).containsExactly(fast);
  }

  private void deliverLargest() throws InterruptedException {
    deliverLargest(targets);
  }

  /** A part that takes all that one may take. */
  private void deliverLargest(List<FillTarget> to) throws InterruptedException {
    try (FoldMemory.PartMemory room = memory.acquire(to)) {
      Fold fold = room.newFold(0);
      byte[] key = new byte[32];
      for (int i = 0; fold.bytes() < FOLD_BYTES - (1 << 17) && i < 1 << 20; i++) {
        key[0] = (byte) i;
        key[1] = (byte) (i >> 8);
        key[2] = (byte) (i >> 16);
        fold.put(i, 0, key, 0, key.length, key, 0, key.length);
      }
      room.deliver(fold, new PartitionPosition(1, 0, PartitionPosition.NO_EPOCH), false, null, to);
    }
  }

  private static final class Target extends TestTarget {
    private boolean releasesWhenPutOff;

    Target(int node) {
      super(node);
    }

    List<FoldPart> parts() {
      return answers.stream().filter(FoldPart.class::isInstance).map(FoldPart.class::cast).toList();
    }

    Optional<RuntimeException> failure() {
      return answers.stream()
          .filter(RuntimeException.class::isInstance)
          .map(RuntimeException.class::cast)
          .findFirst();
    }

    @Override
    public void failed(RuntimeException cause) {
      super.failed(cause);
      if (releasesWhenPutOff) {
        parts().forEach(FoldPart::release);
      }
    }
  }
}
