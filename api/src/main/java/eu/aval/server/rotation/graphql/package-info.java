// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Rotations over GraphQL. */
@NullMarked
package eu.aval.server.rotation.graphql;

import org.jspecify.annotations.NullMarked;
