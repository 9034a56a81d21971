package io.zonecast.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.Uuid;

class CheckpointTest {
  private static final WrittenWith WRITTEN_WITH =
      new WrittenWith(":1:zone:", "zone", 16, "modulo", List.of("a:11211", "[::1]:11212"));
  private static final Checkpoint SOME =
      new Checkpoint(
          Checkpoint.State.LIVE,
          new Uuid(3, 4),
          2,
          new PartitionPosition(83_112, 1_790_000_000_000L, 7),
          "10.0.0.7:40112",
          WRITTEN_WITH,
          1_770_000_000_000L,
          List.of(new Suspect("10.0.0.6:40113", 80, 1_780_000_000_000L)));

  @Provide
  Arbitrary<Checkpoint> checkpoints() {
    Arbitrary<Long> numbers = Arbitraries.longs().greaterOrEqual(0);
    Arbitrary<String> conns =
        Arbitraries.of("-", "127.0.0.1:1", "[2001:db8::1]:65535", "unix:/tmp/socket");
    Arbitrary<Suspect> suspects =
        Combinators.combine(Arbitraries.of("10.1.2.3:4", "[::1]:5"), numbers, numbers)
            .as(Suspect::new);
    Arbitrary<WrittenWith> settings =
        Combinators.combine(
                Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(64),
                Arbitraries.longs().between(0, 0xffff_ffffL),
                Arbitraries.of("a:1", "[::1]:2", "host.example:11211")
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(4))
            .as((prefix, flags, nodes) -> new WrittenWith(prefix, "json", flags, "ketama", nodes));
    return Combinators.combine(
            Arbitraries.of(Checkpoint.State.class),
            Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(Uuid::new),
            Arbitraries.integers().greaterOrEqual(0),
            Combinators.combine(numbers, numbers, Arbitraries.integers().greaterOrEqual(-1))
                .as(PartitionPosition::new),
            conns,
            Combinators.combine(settings, numbers).as(InForce::new),
            suspects.list().ofMaxSize(4))
        .as(
            (state, topic, partition, progress, conn, inForce, suspect) ->
                new Checkpoint(
                    state,
                    topic,
                    partition,
                    progress,
                    conn,
                    inForce.writtenWith(),
                    inForce.sinceMillis(),
                    suspect));
  }

  private record InForce(WrittenWith writtenWith, long sinceMillis) {}

  @Property
  void whatIsWrittenIsReadBack(@ForAll("checkpoints") Checkpoint checkpoint) {
    assertThat(Checkpoint.decode(checkpoint.encode())).contains(checkpoint);
  }

  @Property
  void noBytesAreTooStrangeToBeRead(@ForAll byte[] bytes) {
    assertThat(Checkpoint.decode(bytes)).isEmpty();
  }

  @Property
  void noDamageIsTooStrangeToBeRead(@ForAll int at, @ForAll byte instead) {
    byte[] damaged = SOME.encode();
    damaged[Math.floorMod(at, damaged.length)] = instead;

    // Damage may go unseen, as in a digit; it must not be thrown at whoever reads.
    assertThat(Checkpoint.decode(damaged)).isNotNull();
  }

  @Property
  void aCheckpointCutShortNeverSaysMoreThanItDid(@ForAll int length) {
    String text = new String(SOME.encode(), StandardCharsets.US_ASCII);
    String cut = text.substring(0, Math.floorMod(length, text.indexOf(" suspects=")));

    assertThat(Checkpoint.decode(ascii(cut))).isEmpty();
  }

  @Example
  void aNegativeOffsetOrTimeIsNoCheckpoint() {
    String text = new String(SOME.encode(), StandardCharsets.US_ASCII);

    assertThat(Checkpoint.decode(ascii(text.replace("next=83112", "next=-1")))).isEmpty();
    assertThat(Checkpoint.decode(ascii(text.replace("time=1", "time=-1")))).isEmpty();
    assertThat(Checkpoint.decode(ascii(text.replace("@80@", "@-80@")))).isEmpty();
  }

  @Example
  void anotherVersionsCheckpointIsNotRead() {
    String text = new String(SOME.encode(), StandardCharsets.US_ASCII);

    assertThat(Checkpoint.decode(ascii(text.replace("zonecast/1", "zonecast/2")))).isEmpty();
  }

  @Example
  void fieldsOfALaterVersionAreLeftAlone() {
    String text = new String(SOME.encode(), StandardCharsets.US_ASCII);

    assertThat(Checkpoint.decode(ascii(text + " more=1"))).contains(SOME);
  }

  @Example
  void anEarlierVersionsCheckpointDoesNotSaySinceWhen() {
    String text = new String(SOME.encode(), StandardCharsets.US_ASCII);

    assertThat(Checkpoint.decode(ascii(text.replace(" since=1770000000000", ""))))
        .contains(SOME.since(0));
  }

  @Example
  void anEarlierVersionsCheckpointNamesNoLeader() {
    String text = new String(SOME.encode(), StandardCharsets.US_ASCII);

    assertThat(Checkpoint.decode(ascii(text.replace(" epoch=7", ""))))
        .map(Checkpoint::progress)
        .contains(new PartitionPosition(83_112, 1_790_000_000_000L, PartitionPosition.NO_EPOCH));
  }

  @Example
  void theOrderOfTheNodesCountsForModuloAlone() {
    List<String> nodes = List.of("a:1", "b:1");
    List<String> reversed = List.of("b:1", "a:1");

    assertThat(pool("modulo", nodes)).isNotEqualTo(pool("modulo", reversed));
    assertThat(pool("a-scheme-to-come", nodes)).isNotEqualTo(pool("a-scheme-to-come", reversed));
    assertThat(pool("ketama", nodes)).isEqualTo(pool("ketama", reversed));
    assertThat(pool("pymemcache", nodes)).isEqualTo(pool("pymemcache", reversed));
  }

  private static WrittenWith pool(String placement, List<String> nodes) {
    return new WrittenWith("zone:", "zone", 0, placement, nodes);
  }

  @Example
  void whoeverHeldItUnreleasedIsSuspectedFromWhereItStood() {
    Checkpoint claimed = SOME.claimedBy("10.0.0.9:1");

    assertThat(claimed.suspects())
        .contains(new Suspect("10.0.0.7:40112", 83_112, 1_790_000_000_000L));
    assertThat(claimed.safeNextOffset()).isEqualTo(80);
    assertThat(claimed.safeTimeMillis()).isEqualTo(1_780_000_000_000L);
  }

  @Example
  void whoeverReleasedItIsNoSuspect() {
    Checkpoint claimed = SOME.released().claimedBy("10.0.0.9:1");

    assertThat(claimed.suspects()).isEqualTo(SOME.suspects());
  }

  @Example
  void whoClaimsItForAnotherListIsNoMemberOfTheOneThatItNames() {
    WrittenWith other = pool("modulo", List.of("a:11211", "z:11211"));

    Checkpoint claimed = SOME.claimedBy("10.0.0.9:1", other);

    assertThat(claimed.sinceMillis()).isEqualTo(-SOME.sinceMillis());
    assertThat(Checkpoint.decode(claimed.encode())).contains(claimed);
    assertThat(claimed.claimedBy("10.0.0.8:1", SOME.writtenWith()).sinceMillis())
        .isEqualTo(SOME.sinceMillis());
    assertThat(SOME.claimedBy("10.0.0.9:1", SOME.writtenWith()).sinceMillis())
        .isEqualTo(SOME.sinceMillis())
        .isPositive();
  }

  @Example
  void suspectsAreBoundedAndNoneOfTheirTracesIsForgotten() {
    Checkpoint checkpoint = SOME;

    for (int i = 0; i < 100; i++) {
      checkpoint = checkpoint.claimedBy("10.0.0.9:" + i);
    }

    assertThat(checkpoint.suspects()).hasSize(8);
    assertThat(checkpoint.suspects())
        .last()
        .isEqualTo(new Suspect("10.0.0.9:98", 83_112, 1_790_000_000_000L));
    assertThat(checkpoint.safeNextOffset()).isEqualTo(80);
    assertThat(checkpoint.safeTimeMillis()).isEqualTo(1_780_000_000_000L);
  }

  @Example
  void whatIsFilledFromTheBeginningHasNoOffsetForItsSuspectsEither() {
    Checkpoint claimed = SOME.claimedBy("10.0.0.9:1");

    assertThat(claimed.fillingAgain().suspects())
        .hasSameSizeAs(claimed.suspects())
        .allSatisfy(suspect -> assertThat(suspect).isEqualTo(new Suspect(suspect.conn(), 0, 0)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
