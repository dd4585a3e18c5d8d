// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** From the queue to the carrier: claims, submits, what came of them, and what to do about it. */
@NullMarked
@NamedInterface("dispatch")
package eu.aval.server.message.dispatch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
