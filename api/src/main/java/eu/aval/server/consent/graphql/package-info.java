// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Purposes and senders over GraphQL. */
@NullMarked
package eu.aval.server.consent.graphql;

import org.jspecify.annotations.NullMarked;
