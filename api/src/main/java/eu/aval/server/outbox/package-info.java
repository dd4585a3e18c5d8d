// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What happened, written down in the transaction in which it happened, and kept in order for those who want to know. */
@NullMarked
@ApplicationModule(allowedDependencies = {"shared", "personaldata"})
package eu.aval.server.outbox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
