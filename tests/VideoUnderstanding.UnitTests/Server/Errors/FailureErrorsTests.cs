using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Server.Errors;

public sealed class FailureErrorsTests
{
    private static readonly Exception LostStore = new HttpRequestException("Connection refused", new SocketException());

    public static TheoryData<Exception> DatabaseFailures => [
        new NpgsqlException("Failed to connect", new SocketException()),
        // A connection, and a statement, that took too long.
        new NpgsqlException("The operation has timed out", new TimeoutException()),
        new InvalidOperationException("Likely due to a transient failure.",
            new NpgsqlException("Exception while reading from stream", new TimeoutException("Timeout during reading attempt"))),
    ];

    [Theory]
    [MemberData(nameof(DatabaseFailures))]
    public void A_database_that_does_not_answer_is_named(Exception failure)
        => Assert.Equal(ApiError.DatabaseUnavailable(), Errors("files").ToApiError(failure, "GET /"));

    [Fact]
    public void A_store_that_does_not_answer_is_named()
        => Assert.Equal(ApiError.StoreUnavailable(), Errors("files").ToApiError(LostStore, "GET /"));

    [Fact]
    public void A_program_that_was_killed_is_named()
        => Assert.Equal(ApiError.ReaderStopped(),
            Errors(bucket: null).ToApiError(new ToolException("FFmpeg was stopped", ToolFailure.Failed, exitCode: 137), "GET /"));

    [Fact]
    public void Without_a_bucket_a_failed_request_is_not_one_to_the_store()
        => Assert.Equal(ApiError.Unexpected(), Errors(bucket: null).ToApiError(LostStore, "GET /"));

    private static FailureErrors Errors(string? bucket) => new(new DatabaseOutage(NullLogger<DatabaseOutage>.Instance),
        Options.Create(new BucketOptions { Name = bucket }), NullLogger<FailureErrors>.Instance);
}
