package io.zonecast.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/**
 * What a registry said, yes or no.
 *
 * @param address which of its addresses said it
 * @param errorCode the registry's own code where it has one, else the HTTP status
 * @param message the registry's words for an error, in one line
 */
record RegistryAnswer(URI address, int status, int errorCode, String message, JsonNode json) {
  static final int SUBJECT_NOT_FOUND = 40401;
  static final int VERSION_NOT_FOUND = 40402;
  static final int SCHEMA_NOT_FOUND = 40403;
  static final int NO_LEVEL_OF_ITS_OWN = 40408;

  boolean isOk() {
    return status >= 200 && status < 300;
  }

  boolean isNotFound() {
    return status == 404;
  }

  boolean isConflict() {
    return status == 409;
  }

  /** The error as messages put it: {@code 40403 Schema 7 not found}. */
  String error() {
    return errorCode + (message.isEmpty() ? "" : " " + message);
  }
}
