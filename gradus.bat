@echo off
rem Starts JShell, a script, the demo or the benchmarks, as the script gradus does. It builds what is missing.
setlocal
set "root=%~dp0"
set "jar=%root%graph-nn\target\gradus.jar"
set "bench=%root%graph-bench\target\bench.jar"
set "vector=--add-modules jdk.incubator.vector"

if "%~1"=="--help" goto usage
if "%~1"=="-h" goto usage

if defined JAVA_HOME (set "bin=%JAVA_HOME%\bin\") else set "bin="
"%bin%java" --version >nul 2>nul || (
    echo gradus: no JDK 17 or later was found; install one, or set JAVA_HOME to its folder>&2
    exit /b 2
)
"%bin%jshell" --version >nul 2>nul || (
    echo gradus: the Java that was found has no jshell; set JAVA_HOME to the folder of a JDK 17 or later>&2
    exit /b 2
)

if "%~1"=="bench" goto bench
if not exist "%jar%" (
    call :build || exit /b 2
)
if "%~1"=="" (
    "%bin%jshell" "-J-javaagent:%jar%" --class-path "%jar%" "%root%docs\jshell\gradus.jsh"
    exit /b
)
if "%~1"=="digits" (
    for /f "tokens=1,*" %%a in ("%*") do "%bin%java" %vector% %JAVA_OPTS% -jar "%jar%" %%b
    exit /b
)
if not exist "%~1" (
    echo gradus: %~1: no such file>&2
    exit /b 2
)
if /i "%~x1"==".java" (
    "%bin%java" %vector% %JAVA_OPTS% -cp "%jar%" %*
    exit /b
)
if /i "%~x1"==".jsh" (
    "%bin%jshell" --class-path "%jar%" "%root%docs\jshell\gradus.jsh" "%~1" - <nul
    exit /b
)
echo gradus: %~1 is no file that ends in .java or .jsh, and none of digits, bench, --help>&2
exit /b 2

:bench
if not exist "%bench%" (
    call :build -Pbench || exit /b 2
)
for /f "tokens=1,*" %%a in ("%*") do "%bin%java" %JAVA_OPTS% -jar "%bench%" %%b
exit /b

:build
where mvn >nul 2>nul || (
    echo gradus: Maven is needed to build; install it, so that mvn is on the path>&2
    exit /b 2
)
echo gradus: building, a minute the first time>&2
pushd "%root%"
call mvn -B -q -DskipTests %* package
set "result=%errorlevel%"
popd
exit /b %result%

:usage
echo usage: gradus                     JShell with everything imported
echo        gradus File.java [ARG ..]  runs a program of one file
echo        gradus File.jsh            runs a session of JShell from top to bottom
echo        gradus digits [OPTION ..]  trains a network on digits and draws the results; --help lists its options
echo        gradus bench [OPTION ..]   compares the speed with other libraries; --help lists its options
echo        gradus --help              prints this
echo.
echo Environment: JAVA_HOME, a JDK 17 or later; JAVA_OPTS, further options of the JVM.
exit /b
