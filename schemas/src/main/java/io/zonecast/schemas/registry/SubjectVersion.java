package io.zonecast.schemas.registry;

import java.util.OptionalInt;

/**
 * A version of a subject.
 *
 * @param bundledVersion which version of the bundled schema it is, if it is one
 */
public record SubjectVersion(String subject, int version, int id, OptionalInt bundledVersion) {}
