using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.UnitTests.Api;

public sealed class WireJsonTests
{
    private static readonly DateTimeOffset Moment = new(2023, 3, 2, 11, 47, 44, TimeSpan.FromHours(1));

    [Fact]
    public void Task_times_have_three_digits_of_fraction_even_when_they_are_zero()
        => Assert.Contains("\"created_at\":\"2023-03-02T10:47:44.000Z\"", Written(TaskResponse.From(Task(TaskState.Ready), null, Moment)),
            StringComparison.Ordinal);

    [Fact]
    public void Video_times_are_whole_seconds_and_unknown_facts_are_left_out()
    {
        var video = new Video
        {
            Id = "1", AccountId = "1", IndexId = "1", Filename = "a.mp4", CreatedAt = Moment.AddMilliseconds(999), UpdatedAt = Moment,
        };
        Assert.Equal(
            """{"_id":"1","metadata":{"filename":"a.mp4"},"created_at":"2023-03-02T10:47:44Z","updated_at":"2023-03-02T10:47:44Z"}""",
            Written(VideoResponse.From(video, null)));
    }

    [Fact]
    public void Missing_text_is_null_and_not_omitted()
        => Assert.Equal("""{"id":"1","index_id":"2","data":null}""", Written(new TextResponse("1", "2", null)));

    [Fact]
    public void Remaining_seconds_are_at_least_one_after_the_estimate_has_passed()
    {
        var task = Task(TaskState.Indexing);
        task.EstimatedTime = Moment.AddMinutes(-1);
        Assert.Equal(1, TaskProcessDto.From(task, Moment)!.RemainSeconds);
    }

    [Theory]
    [InlineData(TaskState.Ready)]
    [InlineData(TaskState.Failed)]
    public void An_ended_task_has_no_progress(TaskState state) => Assert.Null(TaskProcessDto.From(Task(state), Moment));

    [Fact]
    public void A_task_has_a_warning_only_for_a_doubtful_result()
    {
        var task = Task(TaskState.Ready);
        Assert.DoesNotContain("warning", Written(TaskResponse.From(task, null, Moment)), StringComparison.Ordinal);

        task.Warning = "Another language.";

        Assert.Contains("\"warning\":\"Another language.\"", Written(TaskResponse.From(task, null, Moment)), StringComparison.Ordinal);
    }

    private static IndexingTask Task(TaskState state) => new()
    {
        Id = "1",
        AccountId = "1",
        IndexId = "1",
        VideoId = "1",
        Filename = "a.mp4",
        Language = "en",
        State = state,
        CreatedAt = Moment,
        UpdatedAt = Moment,
    };

    private static string Written<T>(T value)
    {
        var options = new JsonSerializerOptions();
        WireJson.Configure(options);
        return JsonSerializer.Serialize(value, options);
    }
}
