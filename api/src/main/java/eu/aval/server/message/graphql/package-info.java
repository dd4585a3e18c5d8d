// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Messages over GraphQL: looked up by number, masked. */
@NullMarked
package eu.aval.server.message.graphql;

import org.jspecify.annotations.NullMarked;
