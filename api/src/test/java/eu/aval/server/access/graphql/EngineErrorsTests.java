// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.ProblemType;
import graphql.ErrorClassification;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineErrorsTests {

    @ParameterizedTest
    @CsvSource({
        "InvalidSyntax, MALFORMED_REQUEST",
        "BadFaithIntrospection, QUERY_TOO_COSTLY",
        "IntrospectionDisabled, FORBIDDEN",
        "NullValueInNonNullableField, INTERNAL_ERROR"
    })
    void givesACodeToEachKindOfError(String kind, ProblemType type) {
        assertThat(EngineErrors.type(ErrorClassification.errorClassification(kind)))
                .isEqualTo(type);
    }

    /** Messages of graphql-java, each about a value that is a number in the wrong place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Validation error (WrongType@[messagesByNumber]) : argument 'lookUp.reason' with value 'EnumValue{name='+33639980604'}' is not a valid 'LookUpReason' - Literal value not in allowable values for enum 'LookUpReason' - 'EnumValue{name='+33639980604'}' | Validation error (WrongType@[messagesByNumber]) : argument 'lookUp.reason' is not a valid 'LookUpReason'",
                "Variable 'l' has an invalid value: Invalid input for enum 'LookUpReason'. No value found for name '+33639980604' | Variable 'l' has an invalid value: Invalid input for enum 'LookUpReason'.",
                "Variable 'd' has an invalid value: Expected value to be in the integer range, but it was a '33639980604' | Variable 'd' has an invalid value: Expected value to be in the integer range",
                "Invalid syntax with offending token '33639980604' at line 1 column 37 | Invalid syntax with offending token at line 1 column 37",
                "Validation error (FieldUndefined@[n33639980604]) : Field 'n33639980604' in type 'Query' is undefined | Validation error (FieldUndefined@[n*]) : Field 'n*' in type 'Query' is undefined",
                "Variable 'id' has an invalid value: Expected a UUID | Variable 'id' has an invalid value: Expected a UUID"
            })
    void keepsWhatWasExpectedAndDropsWhatCame(String message, String told) {
        assertThat(EngineErrors.withoutValues(message)).isEqualTo(told);
    }
}
