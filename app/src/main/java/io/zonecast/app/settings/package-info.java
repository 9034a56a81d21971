/**
 * Options and where their values come from: the command line, the environment, the settings file.
 * What the values are used for belongs to the commands.
 */
@NullMarked
package io.zonecast.app.settings;

import org.jspecify.annotations.NullMarked;
