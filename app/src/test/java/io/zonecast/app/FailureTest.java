package io.zonecast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.SettingSources;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.trust.KafkaAccess;
import io.zonecast.sink.checkpoint.SettingsDifferException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {
  private static final CommonOptions OPTIONS = new CommonOptions(new SettingSources(Map.of()));
  private static final KafkaAccess ACCESS =
      new KafkaAccess("get", "zones", "zones-sink", "", "", OPTIONS.kafka());

  static List<RuntimeException> mistakesOfOurs() {
    return List.of(
        new NullPointerException("Cannot invoke \"String.length()\""),
        new IndexOutOfBoundsException("Index 5 out of bounds for length 4"),
        new ArrayIndexOutOfBoundsException("Index 5 out of bounds for length 4"),
        new ClassCastException("class A cannot be cast to class B"),
        new ArithmeticException("long overflow"),
        new NoSuchElementException("No value present"),
        new IllegalStateException());
  }

  @ParameterizedTest
  @MethodSource("mistakesOfOurs")
  void aMistakeOfOursIsNotToldAsAnAnswer(RuntimeException mistake) {
    Failure failure = Failure.of(mistake, ACCESS);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.lines())
        .singleElement()
        .asString()
        .startsWith("unexpected " + mistake.getClass().getSimpleName())
        .contains("--verbose");
  }

  @Test
  void settingsThatDifferFromTheCachesAreForTheUserToPutRight() {
    SettingsDifferException differ =
        new SettingsDifferException("node cache1:11211", List.of("--memcached: \"a\" here"));

    Failure failure = Failure.of(differ, ACCESS);

    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.lines()).containsExactly(differ.getMessage());
  }

  @Test
  void whatIsSaidForTheUserIsToldAsItIsOnOneLine() {
    assertThat(Failure.of(new IllegalStateException("no demo:\n  use a clone"), ACCESS).lines())
        .containsExactly("no demo:; use a clone");
    assertThat(Failure.of(new IOException(), ACCESS).lines()).containsExactly("IOException");
  }
}
