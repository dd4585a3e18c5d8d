// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What whoever writes to the interface reads: the contract and pages made from what the server itself goes by. */
@NullMarked
package eu.aval.server.access.docs;

import org.jspecify.annotations.NullMarked;
