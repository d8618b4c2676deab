using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class DemoClipWriterTests
{
    private static readonly DemoScene[] Scenes =
    [
        new("a.png") { Duration = 5, Narration = "One." },
        new("b.png") { Duration = 7.5, Caption = "TWO", Sound = "ring.oga" },
    ];

    [Fact]
    public void Every_scene_is_shown_for_its_duration_one_after_the_other()
    {
        var arguments = DemoClipWriter.Arguments(Scenes, "/out.mp4");
        Assert.Equal(["5", "7.5"], Values(arguments, "-t").Take(2));
        Assert.Contains("[v0][v1]concat=n=2:v=1:a=0[v]", Filter(arguments));
        Assert.Equal("/out.mp4", arguments[^1]);
    }

    [Fact]
    public void A_caption_is_drawn_in_its_own_scene_only()
    {
        var parts = Filter(DemoClipWriter.Arguments(Scenes, "/out.mp4")).Split(';');
        Assert.Contains("drawtext=textfile=caption1.txt",
            Assert.Single(parts, part => part.Contains("drawtext", StringComparison.Ordinal)));
        Assert.EndsWith("[v1]", parts.Single(part => part.Contains("drawtext", StringComparison.Ordinal)));
    }

    [Fact]
    public void Speech_and_sounds_start_within_their_scenes_and_the_track_is_as_long_as_the_pictures()
    {
        var filter = Filter(DemoClipWriter.Arguments(Scenes, "/out.mp4"));
        Assert.Contains("adelay=700:all=1[a4]", filter);
        Assert.Contains("adelay=6500:all=1[a5]", filter);
        Assert.Contains("[a4][a5]amix=inputs=2:normalize=0,apad,atrim=0:12.5[a]", filter);
    }

    [Fact]
    public void Each_question_is_about_a_scene_of_its_own()
    {
        Assert.Equal(["heard", "said", "seen", "written"], DemoScenario.Questions.Select(question => question.Subject).Order());
        Assert.Equal(DemoScenario.Questions.Count, DemoScenario.Questions.Select(question => question.Scene).Distinct().Count());
        Assert.All(DemoScenario.Questions, question => Assert.InRange(question.Scene, 0, DemoScenario.Scenes.Count - 1));
    }

    [Fact]
    public async Task A_missing_photograph_is_named_with_the_command_that_installs_it()
    {
        var failure = await Assert.ThrowsAsync<CommandFailure>(
            () => DemoClipWriter.WriteAsync([new("no/such.png")], "/tmp/none.mp4", TestContext.Current.CancellationToken));
        Assert.Contains("no/such.png", failure.Message);
        Assert.Contains("deploy/install.sh --demo", failure.Message);
    }

    private static string Filter(IReadOnlyList<string> arguments) => Values(arguments, "-filter_complex").Single();

    private static IEnumerable<string> Values(IReadOnlyList<string> arguments, string option)
        => arguments.Index().Where(argument => argument.Item == option).Select(argument => arguments[argument.Index + 1]);
}
