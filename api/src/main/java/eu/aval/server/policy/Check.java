// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.time.Instant;

/**
 * One thing that the gate looks at: pure, without memory, in a file of its own. A simulation asks each, whatever the others
 * said; so it may rely on none of them.
 */
@FunctionalInterface
interface Check {

    Finding of(Facts.Known facts, Instant now);
}
