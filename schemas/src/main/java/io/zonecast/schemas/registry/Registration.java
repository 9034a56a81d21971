package io.zonecast.schemas.registry;

/**
 * The result of registering a schema.
 *
 * @param added whether it was not there before
 * @param level the compatibility level in force afterwards
 */
public record Registration(
    String subject, int version, int id, boolean added, CompatibilityLevel level) {}
