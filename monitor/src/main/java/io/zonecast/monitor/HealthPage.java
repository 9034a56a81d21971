package io.zonecast.monitor;

import java.io.IOException;

/** Health for a machine to ask: status 200 or 503, and the reason in one line or as JSON. */
public final class HealthPage implements Resource {
  private final Health health;

  public HealthPage(Health health) {
    this.health = health;
  }

  @Override
  public Reply get(PageRequest request) throws IOException {
    Health.Answer answer = health.check();
    int status = answer.ok() ? Reply.OK : Reply.UNAVAILABLE;
    String word = answer.ok() ? "ok" : "failing";
    if (!request.wantsJson()) {
      return Reply.text(status, word + ": " + answer.reason());
    }
    return Reply.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", word);
          json.writeStringField("reason", answer.reason());
          json.writeEndObject();
        });
  }
}
