using System.Text;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class TaskEventBodyTests
{
    private static readonly DateTimeOffset At = new(2023, 3, 2, 10, 52, 41, 4, TimeSpan.Zero);

    [Fact]
    public void The_event_of_a_ready_task_equals_the_example_of_the_contract()
        => Assert.Equal(
            """{"id":"whe_7f3c1a90b2d84e5fa6c1d2e3f4a5b6c7","created_at":"2023-03-02T10:52:41.004Z","type":"index.task.ready","data":"""
                + """{"id":"64007e509a4b2f0c1d3e5b10","metadata":{"duration":531.998133}"""
                + ""","status":"ready","engine":"marengo2","index_options":["visual","conversation","text_in_video"],"tags":[]}}""",
            Write(WebhookEventTypes.TaskReady, TaskState.Ready, 531.998133));

    [Fact]
    public void A_task_that_failed_before_its_video_was_read_has_no_duration()
        => Assert.Equal(
            """{"id":"whe_7f3c1a90b2d84e5fa6c1d2e3f4a5b6c7","created_at":"2023-03-02T10:52:41.004Z","type":"index.task.failed","data":"""
                + """{"id":"64007e509a4b2f0c1d3e5b10","metadata":{}"""
                + ""","status":"failed","engine":"marengo2","index_options":["visual","conversation","text_in_video"],"tags":[]}}""",
            Write(WebhookEventTypes.TaskFailed, TaskState.Failed, null));

    private static string Write(string type, TaskState state, double? duration)
    {
        var task = new IndexingTask
        {
            Id = "64007e509a4b2f0c1d3e5b10", AccountId = "a", IndexId = "i", VideoId = "v", Language = "en", Filename = "quay-north.mp4",
            State = state, Duration = duration,
        };
        var index = new VideoIndex
        {
            Id = "i", AccountId = "a", Name = "quay", EngineId = "marengo2", Options = ["visual", "conversation", "text_in_video"],
            Addons = [],
        };
        return Encoding.UTF8.GetString(TaskEventBody.Write("whe_7f3c1a90b2d84e5fa6c1d2e3f4a5b6c7", type, At, task, index));
    }
}
