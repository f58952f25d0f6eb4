@echo off
rem Opens the live view: double-click. The first time it sets itself up, which takes some minutes.
setlocal
cd /d "%~dp0"
set PYTHON=
where py >nul 2>nul && set PYTHON=py -3
if not defined PYTHON where python >nul 2>nul && set PYTHON=python
if not defined PYTHON (
  echo Python was not found. Install Python 3.13 from python.org: for yourself alone, no administrator is needed.
  pause
  exit /b 1
)
%PYTHON% run.py view %*
if errorlevel 1 pause
