// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whom an issuer vouches for, as the trail and the journal know them.
 *
 * @param issuer its address
 * @param createdAt when their first token came
 * @param suspendedAt since when their tokens open nothing here
 */
public record OperatorIdentity(
        UUID id, String issuer, Instant createdAt, @Nullable Instant suspendedAt) {}
