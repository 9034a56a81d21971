package io.zonecast.ingest.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.zonecast.schemas.ZoneText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of an answer of the USPS zone chart service, which is of one origin: {@code
 * {"EffectiveDate":"January 12, 2027","Column0":[{"ZipCodes":"006---009","Zone":"8+",
 * "MailService":""}],"Zip5Digit":[…],"PageError":""}}. The marks behind a zone are its flags.
 */
final class UspsZones implements RowSource {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern LIST = Pattern.compile("Column\\d{1,2}|Zip5Digit");
  private static final Pattern SIGN = Pattern.compile("\"(?:ZipCodes|Column0|PageError)\"");
  private static final Pattern ZONE = Pattern.compile("([0-9A-Z]{1,2})([*+]*)");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("MMMM d, uuuu", Locale.ENGLISH);

  /** An element of one of the lists, with the texts of its fields by their names. */
  private record Element(long line, String place, Map<String, String> fields) {
    String text(String field) {
      return fields.getOrDefault(field, "");
    }
  }

  private final Path file;
  private final RowChecks checks;
  private final List<Element> elements = new ArrayList<>();
  private int next;

  UspsZones(FileReading reading) throws IOException {
    file = reading.file().path();
    checks = reading.checks();
    CsvColumns.requireCarrier(file, reading.file().options());
    checks.row().field(Column.CARRIER).set(reading.file().declaredCarrier().orElseThrow());
    checks.row().field(Column.ORIGIN).set(reading.file().origin().orElseThrow());
    try (JsonParser json = JSON.createParser(reading.whole())) {
      readAnswer(json);
    } catch (JsonProcessingException e) {
      throw new ZoneFileException(
          file,
          "cannot be read as JSON from line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + " on: get the file again",
          e);
    }
  }

  /** Whether the text may be such an answer, also one without zones. */
  static boolean looksLikeOne(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return text.stripLeading().startsWith("{") && SIGN.matcher(text).find();
  }

  @Override
  public void fill(RowChunk into) {
    while (!into.isFull() && next < elements.size()) {
      accept(elements.get(next++), into);
    }
  }

  private void accept(Element element, RowChunk into) {
    RawRow row = checks.row();
    row.line(element.line());
    row.zoneColumn(element.place());
    Matcher zone = ZONE.matcher(element.text("Zone"));
    if (!zone.matches()) {
      reject(element, "Zone", "is no zone with the marks * and +", into);
    } else if (!element.text("MailService").isBlank()) {
      reject(
          element,
          "MailService",
          "has a zone of its own; publish its rows from a csv, with a carrier of its own",
          into);
    } else {
      row.field(Column.DESTINATION).set(element.text("ZipCodes"));
      row.field(Column.ZONE).set(zone.group(1));
      row.field(Column.FLAGS).set(zone.group(2));
      checks.accept(into);
    }
  }

  private void reject(Element element, String field, String reason, RowChunk into) {
    String value = ZoneText.quote(element.text(field));
    checks.reject(
        new RowProblem(element.line(), element.place() + "." + field, value, reason), into);
  }

  private void readAnswer(JsonParser json) throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "it is not an object");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (LIST.matcher(name).matches()) {
        require(value == JsonToken.START_ARRAY, name + " is not a list");
        readList(json, name);
      } else {
        require(value.isScalarValue(), ZoneText.quote(name) + " is not known");
        readText(name, textOf(json));
      }
    }
    require(json.nextToken() == null, "something follows it");
  }

  private void readText(String name, String text) throws FileSettingsException {
    if (text.isBlank()) {
      return;
    }
    require(!name.endsWith("Error"), "it is the error " + ZoneText.quote(text));
    if (name.equals("EffectiveDate")) {
      try {
        checks.row().field(Column.EFFECTIVE_DATE).set(LocalDate.parse(text, DATE).toString());
      } catch (DateTimeParseException e) {
        require(false, ZoneText.quote(text) + " is not a date, as January 12, 2027");
      }
    }
  }

  private void readList(JsonParser json, String name) throws IOException {
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      long line = json.currentTokenLocation().getLineNr();
      Map<String, String> fields = new HashMap<>();
      if (json.currentToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String field = json.currentName();
          json.nextToken();
          fields.put(field, textOf(json));
        }
      } else {
        fields.put("Zone", textOf(json));
      }
      elements.add(new Element(line, name + "[" + i + "]", fields));
    }
  }

  /** The text of a value; what is no text or number has its first character, and is skipped. */
  private static String textOf(JsonParser json) throws IOException {
    String text = json.currentToken() == JsonToken.VALUE_NULL ? "" : json.getText();
    json.skipChildren();
    return text;
  }

  private void require(boolean fits, String problem) throws FileSettingsException {
    if (!fits) {
      throw new FileSettingsException(
          file, "is not a chart as the USPS zone chart service sends it: " + problem);
    }
  }
}
