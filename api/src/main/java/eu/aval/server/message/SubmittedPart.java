// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A part of a message as a carrier has taken it.
 *
 * @param part from 1; 1 as well where the carrier gave one id for the whole
 * @param state as the newest receipt told; null before the first
 */
public record SubmittedPart(
        int attempt,
        int part,
        UUID carrierAccountId,
        String carrierMessageId,
        @Nullable String state,
        @Nullable Instant stateAt,
        @Nullable String failureClass,
        @Nullable String carrierCode) {}
