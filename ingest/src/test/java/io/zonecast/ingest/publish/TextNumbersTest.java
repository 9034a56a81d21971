package io.zonecast.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonecast.ingest.source.RowChunk;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextNumbersTest {
  private final TextNumbers ids = new TextNumbers("zones");

  @Test
  void sameTextHasTheSameNumberInEveryView() {
    int once = id(ids.view(), "5", "*");

    assertThat(id(ids.view(), "5", "*")).isEqualTo(once);
    assertThat(ids.first(once)).isEqualTo("5");
    assertThat(ids.second(once)).isEqualTo("*");
  }

  @Test
  void whereATextIsCutMakesADifference() {
    TextNumbers.View view = ids.view();

    assertThat(id(view, "5", "e*")).isNotEqualTo(id(view, "5e", "*"));
    assertThat(id(view, "5e*", "")).isNotEqualTo(id(view, "5e", "*"));
  }

  @Test
  void moreTextsThanAViewRemembersKeepTheirNumbers() {
    TextNumbers.View view = ids.view();
    int texts = 5_000;
    for (int i = 0; i < texts; i++) {
      assertThat(id(view, "zone" + i, "")).isEqualTo(i);
    }

    for (int i = 0; i < texts; i++) {
      assertThat(id(view, "zone" + i, "")).isEqualTo(i);
    }
  }

  @Test
  void oneTextTooManyIsRefusedWithWhatToDo() {
    TextNumbers three = new TextNumbers("carriers", 3);
    TextNumbers.View view = three.view();
    for (int i = 0; i < 3; i++) {
      id(view, "usps" + i, "");
    }
    assertThat(id(three.view(), "usps1", "")).isEqualTo(1);

    assertThatThrownBy(() -> id(view, "4.50\u001b", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "file and topic have more than 3 different carriers, one of them \"4.50\\x1b\"; check"
                + " that each column is under its header: a table has a few dozen");
  }

  private static int id(TextNumbers.View view, String first, String second) {
    byte[] a = first.getBytes(StandardCharsets.UTF_8);
    byte[] b = second.getBytes(StandardCharsets.UTF_8);
    return view.idOf(a, 0, a.length, b, 0, b.length, RowChunk.UNDATED);
  }

  @Test
  void aDateMakesAnotherNumberThatLeadsToTheOneWithout() {
    TextNumbers.View view = ids.view();
    byte[] zone = {'5'};

    int dated = view.idOf(zone, 0, 1, zone, 0, 0, 19_000);
    int otherDate = view.idOf(zone, 0, 1, zone, 0, 0, 19_001);
    int undated = view.idOf(zone, 0, 1);

    assertThat(Set.of(dated, otherDate, undated)).hasSize(3);
    assertThat(ids.undated(dated)).isEqualTo(undated);
    assertThat(ids.undated(otherDate)).isEqualTo(undated);
    assertThat(ids.undated(undated)).isEqualTo(undated);
  }
}
