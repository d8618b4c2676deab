using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using VideoUnderstanding.Benchmarks;
using VideoUnderstanding.Benchmarks.FirstView;
using VideoUnderstanding.Benchmarks.Load;
using VideoUnderstanding.Benchmarks.Search;
using VideoUnderstanding.Benchmarks.Speech;

if (args is ["first-view", ..])
    return await FirstViewRun.RunAsync(args);
if (args is ["load", ..])
    return await LoadRun.RunAsync(args);
if (args is ["search", ..])
    return await SearchRun.RunAsync(args);
if (args is ["speech", ..])
    return await SpeechRun.RunAsync(args);
if (args is ["sound", ..])
    return await SoundRun.RunAsync(args);

// Few runs, all in this process: each benchmark takes seconds and mostly runs native code, so a new process would not change the result.
var job = Job.Default.WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromMinutes(20), logOutput: true))
    .WithStrategy(RunStrategy.Monitoring).WithWarmupCount(1).WithIterationCount(7);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
